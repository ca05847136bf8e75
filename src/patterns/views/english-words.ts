/** Common English words, most frequent first. Made by training/text-statistics/count.py: change that, not this. */
export const ENGLISH_WORDS = `
the to and of in you for that is are with this be your an it as from on by not should can or function code output about number
using list when at given all will if key any do have data access text would what file need input enabled how following used answer
information name their use must string only command script title assistant but out prompt has its me system example each before
new first default set read shell content returns error get write two type takes time see into query return specific no without
please value parameters just was which were format provider end user option message one task question valid path then want
password support more algorithm other specified numbers hidden commands int files report described these public asked them current
up language team array reply context questions implementation description where like order issue https also between request my
documentation create after make days snippet every who draft invoice work program processing running may body provide most now
response length parameter mode search next options they role values word build details calculates some behavior been include
method here well label contains same than object line again guidance words previous archive share filename asking integer steps
import meeting forward directory functions main private model fix dark through server find send step simple structure instructions
add call integers http know could world mention compact so quality requests during python below available natural engine usage
explain implement runtime found source does plan guide help common standard such algorithms terminal email keys instead sum try
character reset confirmation reads id named result params page feedback process multiple different calculate names three else
based while immediately prompts certificate there move blue experience subject form people uses print case alpha attached expect
generate examples anyone post latest printed prints void describe quick over starts property today size say let present th section
manual copy able operation chapter give outputs early guidelines advice possible supported topic called const review version being
class containing tell provided lines display minutes arrived contents url library div way configuration argument chat change notes
sent application did anything count execute supports math spaces human both deprecated flight elements continuing fails def
installation policy calculations log generated items plants bug arg check export own even accepts generation delayed top ancient
weather document take hard strings customer play many budget results water single disable general characters tomorrow contract
works best cipher points clear errors life summary types milk developer analysis contact restrictions info join site operations
explanation via why payment pass comments our expected cases st trip bytes internet we above char applications block test letters
professional buy everyone historical signature done sequence everything hiring unique displays secret ignore verify around mail
purpose open syntax total artifacts conversation environment encoded equivalent unsigned needs checks account within year month nd
created queue sync color counts module recommend because better problem start package further either optional additional calling
bring point last those expert folder long sentence part something pay encoding arrays per static discovered handle credentials
events link delivery needed group specify encrypt element related level solution game front external across required door approach
someone important issues quarterly actual date stories backup knowledge variable mailing features brand forget soon laptop writing
defined field rewrite might passed filters admin figures reading state trying news style legacy random note headlines project
safety problems relevant complex client written working whether age rules confirm channel pirate understand image potential tasks
correct properties table recursion made importance average added positive area users colleague creating border means subsequent
space console objects wrapper models address specializing publish hide concept true show significance reverses components impact
security together lists responses suggest tip product submit explicitly flex rd token requirements changed things num convert
cannot reveal delete brief currently day places companies always speak much changes vs letter future city subjects design prime
target service understanding match corresponding years sample structured exist setting times improve second perform pointer
constraints appropriate validation wrong tone ask too range providers systems shared famous domain asks various receives learning
capital associated column stop exactly requires technology full once applying computing high against building reverse provides
original under generating directly focus addition good useful span phrase pretend except otherwise obtained makes expertise
included require empty includes side powerful another his bits rest often inside definition am right explicit ends sections ensure
chain append sets control significant maximum rather similar techniques produces research generator parse reasoning making sign
magical translate short since action verification back warning base humans audience etc already remove benefits critical still
returned memory self strategy columns extension old run including sentences administrator config special starting automatically
small helps displayed salt situation itself large training arguments challenges fields dictionary software sources testing speed
story os vector bit args generic mentioned session detailed tools never represents avoid giving loaded fantasy business override
creative missing allows follows de very longest young experienced md functionality history markdown inputs patterns finds
occurrences grid technical necessary identified sizeof strength host port identify produce claim built retrieve refuse
respectively off none removed performed told symmetric byte down red methods processes calls difference perspective management
analyze define major come tool binary considered free learn certain normal purposes signed tokens typically basic structures
recent sort messages sorted think having effective brown interface filter book comprehensive respond known complete handling
template final social place update getting community popular location edge voice advanced due follow programming cryptographic
modern until generates travel freed pointers ideas images cause least item consistent enable engineer dog json determine paste
timestamp job implements transitions fail compute temperature studying terms status database reason primary communicate company
several tests development providing actually computer formats framework internal da confidence skills load series documents hash
student instance nothing existing particular whose meaning app contain offline happens findings prompted daily answers hello logic
power hours depends store addresses extract signing reversed row resources go behind choose sorts communication encrypted seed
look exact real gets reference engineering index performance directories exists null allow minimum matters loop iteration versions
consider fetch categories apple square suitable scope develop retrieved explaining sure improvements selection material financial
plant release green detail zero creation individual converted yourself apply mean video act students platform backwards pattern
debug science distance radius gives capable dir criteria wants hex str factors odd goals creates enough speech settings defines
third intended principles libraries combined become received wise suggestions taken background decisions listed entries separated
forms emotions intermediate separate goal fall along person height scientist select solutions aspects ones updated reasons extra
raw had formatted showing custom energy previously local score endpoint he wizard improvement thinking core friendly older
successful boolean climate remote unless feel explore recommendations personal started km love others identical concepts web
variables machine offer culture doing feature newly her digits limits website helper requested architect hexadecimal faster keep
rate descriptions home advisor topics namespace passing amount normally article safe solve compatibility checking exceed circle
rows plain regarding groups easy capabilities padding position internally likely matching art view implemented helpful active
discuss thought tips trust challenge headers reduce low prevent looking less greater school actionable really maintain ability
legal applies rand traditional essential width clarity novel determined nm connect medium accuracy recently cost market handles
fact raise logs produced universe compliance simply break schema academic largest captain seconds macro journey face save exchange
relationship prefix offered ethical modes enables fine conversion flag health diverse according underlying agent choices protect
figure attempt developers false verified success shown event converts optionally loading entire relationships optimization
compressed defining explanations processed practical fictional verbose readable sound socket depending seeking conditions great
learned passwords resulting entered max constructive docs ways fixed connection retrieves timeline appears increase global
prevents characteristics device derived incident represented links primes classes failure writes architecture blocks discovery
proxy overview enter concise network triangle alternative consists audio later descriptors limitations constant duplicate tested
stdin configured typical thing purple approaches entropy growth designed crew upon balance author consistency usual attribute
sense equal looks instruction weeks comes policies manner levels var languages phrases strategies fiction skill direct differences
says initial turn strlen us queries flags shows scene situations effect lengths checklist wisdom helping seen tickets divisor
period fellow convince movie force updating judgment supporting whole visible sizes implications disabled describing painting
attack header interpret light practice routine migration idea computes music kingdom distinct parts pd authors saves concerns
vague evidence layer printing ending variety actions repository install dict obtain care transform price maintaining mechanism
root establish usually determines correctly represent www colors bullet debugging kind fundamental onboarding conflict rare
productivity csv exception negative professionals believe pair practices deep documented photosynthesis miles car representing
planning compelling specification educational fetching float employees yes alphanumeric parsed longer authentication pathname
curious instances quickly writer man crypto live expectations replace modify term week sometimes interesting continue emotional
throughout marketing enhance facts candidate hints assumptions indexed placed opening lead keywords smallest trained counter
depend contacts claims matter efficient child interactive modified successfully landscape connections stages integrity
interpretation flow dataset benefit attempting filled discover ingredients study piece specializes express uncertainty effects
digital unexpected validate whitespace projects primarily aimed tuple verifying moment going decimal hostname expects merge
comprehension sending component overcome medical rights accomplish initialisation covers formatting few highly rule led master
developed surface removes taking encounter interest unknown duration mood remain easier cultural ed returning statistics thus der
accepted blog presence stdout detective approved constructor unit symbols toward req compared manipulate compatible stores begin
considering properly treat senior clearly followed assigned statement interactions insights media download pairs robot designing
nor sentiment visual entry goes essence online regular paragraph pandas visit accurate limited iterate measure revenue costs
category adding decode happen intent conform len protocol knows difficult offers four solar causes corrected calculating obvious
programmatically tried technique trusted customers double sounds assume exploring overall preserving environmental mind political
food curves reach dates labels emails larger leading specifically mandatory imported fit involved lets harm recommended walk
selected hint lot specifying defaults ts left construction plot reviews connects attributes sensitive triple alone yet risk theory
compare operating adapt hold investment precise strengths neither agreement conversations finally seamlessly outside lecture te
production priorities attention en got risks calculation assist val fragment however receive seems entirely schedule
classification ca allowed proper stream holding caused specialized ignoring balanced peer half outcomes naming finding construct
tries unusual ec invest lost responsible tree refers fully dialogue split alias essay recursively differently blend executive
decoding inclusive focuses keeping sharing impossible decision invalid diagnostic decide dictionaries dependencies worked metrics
trends friend analyst parent choice course availability member predictable interact introduction careful duplicates protected
generators deterministic perfect discoveries family completed dimensions affected involves transfer validated roles past limit
recommendation raised recipient track activities responding capability ip functional modules classify exponent complexity clients
remaining stored cybersecurity uppercase specifications depth attacker servers services conjunction effectively scheme replaced
population faced naturally predict talking engines particularly randomness sha outcome highest bad achieve requirement switch
night priority affect punctuation presentation won supply weak forest focused critic detect contributed bash nature bubble country
serve creativity cover variants speaking param workflow therefore performing introduced styles analyzing tension exit matches
highlight clarification understands engaging materials examine harmful hence teaching acceptable products concrete interaction
wide percentage codebase teaches put mechanisms quite references launch sales earlier multiplication said lambda msg bugs pages
crisis readers callback race magic choosing facility proof enemy teacher coming attempts inspiration friends abilities insight
causing party orange designer records formula translation collection subset valuable outputting formal established covering far
telling indicate searches optimize preferred executable affects neutral appearance modifying resolution desired five existence
printable releases alongside layers username harder paths stay changing appear strong though updates pull combine statements
especially initialization contained summarize resource leaders crucial understood thousands route areas assumes beginning
exploration books contexts foundation execution accept paragraphs streaming becomes player repeated owner parsing black spell
sides editing organized moments tense leads director shape parentheses close ready thesis organization threats amazing slightly
employee rise deleted hashing lowercase automation demonstrate protocols came smart busy chosen dynamically scale loads storage
weight startup advantage teams ever accessible happened suggested coach outline synthesize myself lives supplies eliminate
platforms reliable optimized symbol bar managing encouraging assistance room office ship replaces map money improving mysterious
er completely landing commas cycle chars simpler dramatically temperatures interpreted performs secure silently probably wanted
res moved mixed vision soft scenarios native attacks datasets basis overrides separately instantiated nested higher push multiply
prediction vary identity integration quantity breaks thread difficulty plans caution extracts invented supposed prepare amounts
quadratic transforms gratitude configure ms six respective near becoming quote fill encapsulation rounded persuade dogs entities
modification focusing golden hybrid consisting significantly scratch discussion theme capture ordered contributions recipe stack
among resolve installed videos extraction physical producing noise quotes deadline dramatic frequent weaknesses comparison
transcription preferences song efficiency grammar assignment talk fetched gaps packages forever discouraged dim perhaps serves
prefer declare station poem ion saved mystery angle prioritize runs formed precisely persona rich window mostly filenames
elsewhere definitions continuous whatever opened linked consequences reusable escaped suite seem min reviewer frameworks dual
transparent threads gold initialize failures vast finished intention scenario equations citations division await meet diagram
accounts assessment smaller looked permissions condition urgency pieces gained ideal completeness head land members coding closing
former occur effectiveness artistic clauses standards workers encoder physics iterations tutor doctor chaining months aware
wireless phone middle rain annual restaurant enrollment indicator timestamps fake genre involve discussed prior grade inconsistent
refine criterion interview identifies adds star bias took shipping big troubleshooting conclusions cache raises stuck equation
instantly discovering allocation extend gracefully miss architectural increases healthcare domains mentions requiring complicated
evaluation frequently interfaces listens bypass ssl delay white states proposal professor education millions pipeline clues
stating worldwide published simplify async opinions undefined keyword failed born masterpiece utilities traits encoders
confidential corresponds sends cut paper expand passes foo median measures independent chains train loops themselves brackets
machines probability pointed progress programs sessions advantages combination solving wait excluding feeling volume selects
hierarchy resetting casual correctness contribute tax explains iteratively lookup bool fingerprints comply foreign estimate
proceed html indices economic adaptations reports assign reached worst comfortable embedding suggestion little warm plus entity
principal metric broken became indicating buttons des channels meaningful warnings ve marked familiar conditional serialization
transformer decoders lighting pink strict opportunities correspond confident verbosity beginner lack cards collaboration
increasingly addin concurrent away clause excitement noted enjoy atmosphere disadvantages handled referenced evolved heart safely
independently relate deployment beginners funny expression covered repeat compile homework managed gravity nutritionist manually
implicit startups hope vocabulary procedure fourth evaluates law numeric strategic stage highlighting easily meters ground usable
intentions playing arithmetic evaluate cons virtual house stock profile experiences programmer completion browser progression
manager opens drives fallback precautions accessor rates sister trade prepared calculator box hand rid evil irrelevant recognize
evolution scripts scalable distributed assistants parallel personalized urgent requesting views nai memorable equals highlights
universal wind repeating javascript engineers critically granted slow replay meetings consult exercises technologies engagement
expressed circumstances moderate went widely sleep danger compiled she unable skipped emphasizing hardware spot saw literature
anchor shares payload leaves gap integrated err pitch billion constraint experts consideration children deeper themes ethics
windows cat bio codes consecutive fun catch income town interested compound webpage manage mark detected es appended stand
evolving rapidly guiding persuasive coffee begins devices ret outdated chart auxiliary reefs coral ocean filtering dangerous
awareness occurs happening logged publicly internals frame preference moves stated pl protagonist entering hashed pursue
specialist emergency commonly caching trick respect namespaces schemes promote truncated relative responsibility grow junior
suggesting methodology feat pro empathy enforce malicious surrounding screen demonstrates relay stars hl measured ps rationale tag
src conclusion extracted turned twist watch excel ranked loss twice login activates modifications consultant termination sitting
thereby le targets communicating operator protection placeholder reminder industry encode builds empathetic increased tournament
ensures morning meanings skip sacrifice mobile consistently exercise secrets timing titles countries guides personality cooking
breaking acting parties patient satisfy competing jobs constructed polite cultures cognitive notable sunset perfectly keeps round
massive pm launched drive button representation dealing president trouble infrastructure worried seek translated assembly operate
boss narrative spoken speaker coping bound relevance multiples thoroughly validates unicode learners rising divided linear offset
unhelpful impacts operational unsupported deciding edit logical intentional stands reserved grand overly factory replacement refer
al describes qualified noting panels tells pipe localhost fairly continues temporary setup customization knowing thorough wrap
indentation waiting objectives productive serious wrote variation utilize million markers lesson adopt activated central
calculated brilliant insufficient allowing collections datetime tracking divide directions exits exported brainstorming signs um
combinations leadership greetings puzzle workout register jump anonymous applicable arbitrary notation exceeds manners ecosystem
predicting classical pad equally intelligent assumption treated potentially executed partner clarify defensive researchers assess
charge center authoritative holds container refactor activity teach pressure differ heads meal fair cast privacy mistakes released
dinner considerations injection seeing estimated viewer encountering combines recording disaster efforts resolved simultaneously
blending cmp unclear protective revelation expired regex probable engage markets behave ad expensive integrating workplace
resolving bases quicker instruct ratio late align apart serializing reaching apps indicators gain gone render directive absolute
achieved angry approximately licensed skeleton restriction legitimate optimal posts exam deductions hover duplicated territory
microservices zeros maybe experimentation summaries listen blocking deals noticed outer mix wrapping introducing rounds fraud
trainer agree reported arrives consist allocate accurately octets lasts distribution alike bird uint survey eat pa truncate
accidentally apples storing listening robust possibly temple dedicated manipulation fitness semantic sincerely owners supportive
patent associations limiting reader closer reducing nearly env issued symbolic trailing hypothesis tags remains locations emphasis
ergonomic card vulnerable honest declining backward spirit confusing everyday nations clue biggest structural conducting artwork
campaign factor generally acts mph poet pretending electric gathering decline unstructured achieving fire influence responds
department prices forces served challenging yesterday suddenly renewable phenomenon bot sun
`;
