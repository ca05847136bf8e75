/** Common English words, most frequent first. Made by training/text-statistics/count.py: change that, not this. */
export const ENGLISH_WORDS = `
the to and of in you for that is are with this be your an it as from on by not should can or function code output about number using list
when at given all will if key any do have data access text would what file need input enabled how following used answer information name
their use must string only command script title assistant but out prompt has its me system example each before new first default set read
shell content returns error get write two type takes time see into query return specific no without please value parameters just was which
were format provider end user option message one task question valid path then want password support more algorithm other specified
numbers hidden commands int files report described these public asked them current up language team array reply context questions
implementation description where like order issue https also between request my documentation create after make days snippet every who
draft invoice work program processing running may body provide most openssl now response length parameter mode search next options they
role values word build details calculates some behavior been include method here well label contains same than object agents edited line
again guidance words previous archive share filename asking integer steps import meeting forward directory functions main private model
fix dark through server find send step simple structure instructions add call integers http know could world mention compact so quality
requests during python below available natural engine usage explain implement factorial runtime found source does plan guide help common
standard such algorithms router terminal email keys instead propq sum try character reset confirmation reads id named result params page
feedback process multiple different digest calculate names three else based while immediately prompts certificate there move blue
experience subject form people uses print case alpha attached expect generate examples anyone post latest printed prints void describe
quick over starts property today size say let present th section manual copy encryption able operation chapter give outputs early
guidelines advice possible supported topic called const review being version class containing tell provided lines display minutes arrived
contents url library div way configuration argument chat change notes sent application did anything count execute supports math spaces
human both deprecated flight elements continuing fails def installation policy calculations log generated items plants bug arg check
export own even accepts generation delayed top ancient alien weather specifies document take hard strings customer play many budget
results water single disable general characters tomorrow contract works best cipher points clear errors life summary types milk developer
analysis contact restrictions certificates info join site operations explanation via why payment pass comments our typo expected cases st
trip bytes internet we above char applications block mom notifications test letters professional buy everyone historical signature done
sequence everything hiring unique displays secret ignore verify around mail purpose open syntax total artifacts conversation environment
encoded equivalent unsigned needs checks account within implementations year month nd created queue sync color counts module transcript
recommend because better problem start package further either shoes optional slides additional calling bring point last those expert
folder long sentence part something pay encoding desk arrays per static discovered credentials handle events finance link uri delivery
needed group specify encrypt element related level solution game front external across required door approach someone important issues
quarterly actual date stories backup ctx knowledge variable mailing features brand forget soon laptop writing defined field rewrite might
passed filters admin figures reading state trying news style legacy random note headlines provctx project safety problems relevant complex
client written working whether age rules confirm channel pirate understand image potential tasks correct properties table recursion made
importance average added positive area users colleague creating border means subsequent space console objects wrapper models address
specializing publish hide concept true show significance reverses components impact std security together lists responses suggest tip
product submit explicitly flex vowels rd token requirements changed activate things num convert cannot reveal delete brief currently day
places companies always ignored speak much changes vs letter future city subjects design contractor prime target service understanding
match corresponding years sample remember structured exist setting times improve second perform pointer constraints appropriate validation
wrong tone ask too range providers systems shared famous domain asks various receives learning capital associated column stop exactly
requires technology full once applying computing high against building reverse original provides under generating directly focus addition
good useful span phrase pretend except overwrite otherwise obtained makes expertise require included empty includes side powerful another
his bits rest often inside definition am right rename explicit ends sections kctx ensure chain append sets control significant maximum
rather similar techniques produces research generator parse reasoning making sign magical translate short since action verification back
warning base humans visiting audience etc already remove benefits critical still returned memory self strategy columns extension old run
revoked pem derivation including sentences administrator config special starting automatically small helps displayed salt situation itself
large training arguments challenges fields dictionary society software sources obey testing speed story os vector bit args generic
mentioned session detailed tools kdf never represents avoid giving loaded fantasy business override creative missing allows follows de
very longest young experienced md functionality history digests gettable markdown inputs patterns finds occurrences grid technical
necessary identified sizeof strength host port identify produce claim built retrieve refuse respectively off none unspecified removed
performed told symmetric byte down red methods processes calls difference management perspective analyze define signatures major come tool
binary considered free learn certain normal purposes signed tokens typically basic structures recent sort messages sorted think having
effective prompting brown interface filter book comprehensive respond known complete handling template final social place update supplied
getting community popular location edge voice advanced due follow programming cryptographic modern until generates travel freed pointers
ideas images cause least item consistent enable engineer dog json determine paste timestamp job implements transitions fail compute
temperature studying species terms status database reason primary communicate company several tests development providing actually
computer formats framework internal da confidence skills load series documents hash student instance nothing particular existing whose
meaning app contain offline happens findings prompted daily answers lazy hello logic power hours depends store addresses extract signing
reversed row resources go behind choose sorts communication encrypted seed look exact real gets reference engineering ascending index
performance directories exists null allow minimum matters loop iteration versions consider fetch categories apple square suitable scope
develop retrieved explaining sure improvements selection material financial plant decryption release detail green zero creation individual
converted yourself apply mean video act students numpy platform backwards pattern curve debug science distance radius gives capable issuer
dir criteria wants hex str factors odd goals creates enough speech settings defines third intended principles libraries combined become
received wise recursive suggestions taken background decisions listed entries separated forms emotions intermediate separate goal fall
fips along person height scientist tasked select solutions aspects ones updated reasons extra raw had formatted showing custom energy
previously local score endpoint he wizard nth improvement core thinking friendly df mac older successful boolean climate remote unless
feel explore recommendations derives personal started km love others identical concepts web variables machine offer culture doing feature
newly her newed digits limits website torch requested helper ciphers asymmetric architect hexadecimal faster keep rate descriptions home
advisor century topics namespace passing keylen amount normally macros article safe solve compatibility checking exceed circle rows jumps
plain regarding groups easy capabilities padding position internally likely matching art view derive implemented helpful active discuss
thought tips living trust challenge headers reduce low prevent looking greater less school actionable really maintain ability legal
applies rand traditional essential width clarity novel determined nm connect initialised libcrypto medium accuracy recently cost market
handles fact raise logs produced universe compliance simply break schema academic largest captain seconds macro journey face distant save
dragon exchange relationship prefix offered ethical modes enables fine conversion flag health diverse according underlying agent choices
protect figure attempt developers false verified success shown event converts optionally extensions loading entire optimization
relationships compressed defining explanations practical processed fictional verbose readable sound socket depending seeking conditions
great learned passwords resulting entered max constructive docs ways fixed connection retrieves timeline appears increase global pctx
prevents characteristics device derived incident represented links primes classes failure canonical writes architecture blocks discovery
proxy overview enter concise network triangle sustainable alternative consists audio later disk descriptors limitations constant duplicate
tested stdin configured typical thing pkey purple approaches entropy growth designed crew upon balance author greatest consistency numbits
usual attribute sense equal outlen looks instruction weeks comes policies manner levels var languages phrases strategies fiction skill
direct typedef differences configs boundaries says initial turn urllib cookies strlen us queries flags shows scene decrypt keying
situations effect lengths checklist wisdom helping seen tickets octet divisor period observing fellow convince banana movie force judgment
updating supporting finaled whole visible sizes opf configfile implications disabled describing painting attack header interpret light
practice routine migration idea computes music kingdom distinct parts pd authors saves concerns vague evidence layer printing ending
variety actions repository install dict obtain care transform price rctx maintaining mechanism root establish usually determines correctly
addressing represent www colors bullet debugging kind fundamental onboarding conflict inclusion rare productivity csv exception negative
professionals believe pair practices deep documented photosynthesis amber miles car representing squares feelings alternatives planning
compelling workflows specification educational fetching float employees vulnerabilities yes alphanumeric parsed longer authentication
pathname curious instances quickly writer crypto man live expectations replace modify term week sometimes interesting continue emotional
throughout marketing enhance facts buffer candidate hints assumptions indexed placed opening lead keywords smallest trained counter depend
contacts claims matter efficient child interactive modified successfully landscape connections stages integrity interpretation flow
dataset benefit attempting filled discover ingredients study piece anime intelligence frequency struggling specializes discussing express
uncertainty effects digital unexpected validate whitespace projects provkey aimed primarily tuple verifying moment accessed going decimal
hostname expects merge comprehension sending component overcome descending medical rights accomplish covers initialisation formatting few
highly rule led master developed surface removes taking encounter handbook interest forecast unknown mood duration remain easier cultural
ed returning statistics thus der pkcs accepted blog presence stdout detective approved constructor unit symbols toward req compared
compatible manipulate stores begin considering properly treat passphrase senior clearly followed assigned elliptic statement interactions
insights media download pairs robot artificial designing invention nor visual sentiment entry goes essence online regular paragraph pandas
visit accurate limited iterate measure revenue costs category adding decode intent happen conform preceded len protocol settable knows
difficult offers four solar causes calculating corrected obvious programmatically tried technique trusted customers double sounds assume
upcoming exploring overall preserving environmental mind political scientific food disregard curves film reach dates labels crl emails
larger leading mandatory specifically imported fit involved lets harm recommended gindex walk selected hint lot specifying defaults ts
templates construction left plot indicates connects reviews attributes dctx sensitive triple alone ambiguous yet risk ft illustrated
theory compare operating adapt hold battle peace investment precise strengths neither agreement conversations finally assumed seamlessly
outside lecture te production exec priorities attention en got battery risks calculation assist fragment val however receive seems
entirely schedule classification ca allowed proper stream holding caused specialized keytype ignoring balanced peer half outcomes naming
finding construct tries tour unusual ec invest lost responsible tree technological snippets fully refers dialogue split spkac alias
multimodal essay specificity recursively differently blend executive decoding inclusive focuses keeping sharing impossible decision
invalid diagnostic decide dictionaries dependencies worked perspectives metrics trends friend analyst parent course choice availability
member predictable interact introduction careful duplicates protected deterministic generators discoveries perfect family completed
dimensions affected allocated involves transfer validated roles past conference limit recommendation anagrams raised recipient track
conventions activities systematically responding capability ip functional modules classify exponent complexity clients remaining stored
dgst cybersecurity uppercase cyan specifications depth attacker servers services conjunction effectively scheme replaced population faced
naturally predict talking particularly engines randomness sha outcome highest bad achieve requirement switch night priority affect
punctuation presentation won supply weak forest focused critic detect artist contributed bash nature bubble encountered country serve
cover creativity variants identifier speaking param workflow therefore performing introduced styles hexkey analyzing interpretations
tension additionally exit matches clarification highlight understands engaging revocation materials examine clarifying harmful hence
teaching acceptable products concrete interaction wide percentage codebase abstraction teaches put mechanisms references quite launch
sales earlier multiplication said lambda msg keyout bugs pages crisis kg readers callback race magic choosing facility proof enemy teacher
coming attempts inspiration friends abilities insight causing party orange designer salary records formula aspiring translation collection
subset valuable outputting formal established covering far enclosed sig curl telling indicate searches optimize preferred executable
affects neutral appearance serial modifying resolution desired suites five existence printable releases alongside initialises layers
username harder paths stay changing appear strong though del updates pull latency combine statements especially initialization decrypted
cbarg contained summarize resource leaders crucial understood thousands route ing areas assumes beginning exploration kem books contexts
foundation caller execution accept paragraphs streaming becomes player repeated owner parsing black spell sides editing organized moments
tense checked leads director parentheses shape close ready organization thesis threats amazing slightly employee rise deleted hashing
unnecessary lowercase automation icon demonstrate protocols came sklearn smart busy chosen dynamically scale loads outl storage weight
startup advantage teams ever accessible happened suggested coach outline synthesize myself lives supplies eliminate platforms uncompressed
reliable optimized plaintext bar symbol managing encouraging assistance room ng office ship replaces map opt improving money animal
mysterious completely er landing refinement commas cycle keytypes untrusted chars simpler improves temperatures dramatically performs
interpreted secure silently wanted res probably txt moved newer wb mixed vision soft scenarios native attacks datasets descriptor basis
decoded sea overrides separately instantiated higher nested deriving push multiply prediction vary identity integration quantity breaks
thread nonce rsautl cb pubkey difficulty plans caution headline extracts la invented supposed passwd prepare amounts quadratic transforms
gratitude configure ms six respective near becoming quote fill encapsulation rounded persuade dogs entities modification focusing golden
hybrid consisting significantly scratch discussion theme capture ordered contributions village recipe nums healthy stack among resolve
installed extraction videos appropriately physical producing quotes noise deadline cmd dramatic frequent weaknesses transcription
comparison preferences song efficiency permitted assignment grammar talk fetched gaps packages behaviour forever discouraged dim perhaps
serves prefer infile declare station poem ion saved mystery angle prioritize runs guarantee formed precisely persona rich variant window
mostly filenames elsewhere mctx definitions continuous whatever opened linked consequences reusable escaped suite seem min reviewer
frameworks dual transparent threads gold initialize failures vast finished intention scenario equations citations division tsget await
meet diagram accounts assessment smaller handshake looked condition permissions asn urgency pieces gained ideal completeness relativity
head land members coding closing former occur effectiveness artistic clauses standards workers encoder physics iterations tutor doctor
chaining air months aware wireless phone middle preparing rain era marine annual defending restaurant deal enrollment indicator timestamps
fake genre iterative cofactor involve discussed prior grade inconsistent refine criterion interview shift identifies adds star bias took
shipping big troubleshooting conclusions cache raises unrestricted stuck equation instantly varieties discovering allocation extend
gracefully miss architectural increases iter domains healthcare requiring mentions complicated evaluation frequently loader interfaces
disclosure listens bypass inl ssl diet delay decoder recognised white states proposal professor education millions pipeline stating clues
published worldwide adventurer simplify async opinions libssl undefined keyword failed smime born numbered masterpiece utilities traits
encoders possibilities referred confidential sends corresponds cut ciphertext paper expand passes foo median measures independent van
chains train loops themselves brackets machines probability pointed progress programs sessions advantages combination solving wait
excluding echo incorporate dish feeling volume press orders traffic planner selects hierarchy resetting casual correctness contribute tax
explains beats iteratively lookup bool maintainability fingerprints hashes comply wget foreign estimate proceed html indices adaptations
reports economic assign reached worst comfortable embedding suggestion alg little warm plus entity brute principal metric became broken
indicating certs buttons des channels meaningful warnings ve marked loadable familiar conditional serialization apologize transformer
decoders lighting pink strict opportunities correspond confident verbosity beginner lack cards increasingly collaboration expedition
learns drafts addin concurrent away clause excitement noted conforms enjoy atmosphere disadvantages importing handled referenced evolved
heart independently safely relate deployment funny beginners expression covered repeat compile homework managed gravity nutritionist
manually implicit startups hope rsa vocabulary procedure fourth law evaluates numeric strategic stage highlighting easily meters ground
usable intentions playing arithmetic evaluate cons park traveling virtual house navigate stock profile advising observe experiencing
experiences programmer completion browser progression excels manager opens ecparam drives fallback scalar precautions accessor rates
sister scenes trade prepared calculator newcert box hand exp dev rid ers evil irrelevant recognize overhead evolution scripts separator
distributed scalable parallel assistants urgent personalized requesting views nai weird memorable scrypt equals hook highlights universal
genpkey wind repeating javascript incorporating engineers acknowledge critically granted slow replay meetings succeed consult apr
exercises technologies engagement expressed circumstances moderate went widely digested sleep danger srp storeutl compiled she unable
uninstantiated skipped emphasizing hardware spot saw literature anchor cert shares payload leaves par gap xoflen integrated err pitch
billion constraint experts consideration children deeper themes ethics windows cat inhibits bio codes customs cities consecutive fun catch
seeks concerned income town opinion interested compound webpage heard occurrence manage detected mark es verifies appended stand evolving
rapidly authority guiding communicated persuasive coffee begins jargon devices ret prov outdated chart positions auxiliary rubric ocean
reefs coral filtering dangerous awareness mi occurs happening publicly logged frame internals pcounter stated moves preference layout pl
entering protagonist unencrypted hashed locking pursue specialist slows emergency diagnose utf commonly caching trick cctx iv death
respect namespaces featuring colons colon schemes promote spotted truncated ns invoked relative responsibility grow junior suggesting
methodology reseeding feat pro satisfied empathy enforce proposed malicious surrounding screen demonstrates relay papers hl stars
collaborative measured org ps rationale src tag conclusion extracted enc turned chunks watch twist dump ranked freeform excel twice loss
login activates modifications consultant termination outsize sitting thereby le targets communicating operator protection placeholder
reminder industry encode empathetic builds increased qbits pbits tournament pseudorandom ensures morning meanings cipherlist skip
sacrifice mobile re consistently goto exercise secrets timing titles countries guides personality terminology cooking breaking restricted
acting parties patient competing overload satisfy cryptography jobs constructed polite cultures cognitive notable sunset perfectly round
keeps massive pm launched drive button introduce representation propose debate dealing president trouble historic infrastructure worried
seek translated assembly forcing tion operate pkeyparam boss detailing narrative tbs tbslen screenshots photos receipts speaker spoken
coping relevance bound multiples thoroughly fingerprint validates unicode guessing reliability learners rising divided linear unhelpful
offset sequential impacts operational unsupported deciding edit logical intentional stands reserved grand overly although factory
replacement reasonably refer al subcommand signers describes noting qualified panels secretlen tells pipe localhost continues fairly
temporary setup customization knowing thorough wrap indentation seeding waiting objectives profiles productive serious wrote variation
utilize million markers lesson mountain adopt interpreters barriers activated dispatch central programmatic calculated brilliant
insufficient allowing personally collections datetime backslash electrical worker election tracking divide directions variations exits
exported brainstorming signs instantiate um ocsp cite keyboard record combinations leadership rock greetings puzzle workout jump register
anonymous applicable rehash arbitrary notation exceeds manners ecosystem predicting classical pad equally intelligent treated assumption
potentially executed partner clarify defensive researchers assess charge center authoritative ages origin transportation holds kilometers
cooperation container moon refactor activity teach pressure matrix differ heads electricity earth meal fair cast foot moving privacy
mistakes released dinner sports turning considerations injection seeing viewer estimated encountering combines recording efforts disaster
resolved baking bread simultaneously omitting blending cmp latter dominant hexsalt hexinfo unclear protective reveals revelation expired
regex probable engage markets behave addr ad expensive integrating workplace resolving bases keydata servername misspellings puzzles
quicker instruct eye ratio steers fig cr ftp late align optimizing apart serializing algo aes reaching apps dashboard indicators gain
virus gone render absolute directive demographics achieved nseq js announcement angry dsa recall quiz approximately licensed certified
skeleton restriction tr legitimate optimal posts exam xxxxxxxx se deductions hover vote duplicated fixedinfo continued territory
microservices elaboration zeros maybe parents experimentation bold summaries listen blocking permits deals noticed outer lived mix guess
wrapping introducing rounds inlen fraud trainer agree reported arrives catches refund consist allocate accurately conciseness octets lasts
distribution alike bird uint survey eat stress queried pa truncate accidentally apples cheaper storing listening transformation robust
possibly temple dedicated manipulation fitness reduction semantic stateless uris sincerely owners prose modulus supportive patent
associations limiting reader closer reducing nearly mm env issued cable symbolic trailing hypothesis tags remains locations cancellation
ergonomic emphasis card vulnerable honest declining complaint backward spirit confusing nations everyday implies clue structural biggest
upcalls conducting encrypting artwork campaign factor generally acts mph pretending poet god tackle electric gathering android destination
decline unstructured systematic interior feet achieving fire influence escape responds department birth fashion prices taste pilot
formation forces served survive concatenated challenging victory printf php terrain alert yesterday squared suddenly java renewable mayor
phenomenon composer region bot sun stocks literally props fuel illustration copied converting toreq ago vendor struggle shop siglen eight
humor hopeful beat brother cer randomly submission conversational inform direction inspiring responder col super confuse terminated
categorization datatype somehow tracker stderr sudo presents authenticity lib harming friendship hacked actor authorized na ab opaque fi
msblob outfile spells grown pr apology delays mod shot rs acknowledges ssh mindset ax helpfully overpriced strangers minus overnight ivlen
glossary finite environments emphasizes wondering threshold loaders npm clickable habits misleading deceive impersonation involvement
conflicts refactoring concerning outsz wanting obtaining comparing prefixed privatekey publickey ordinary initiatives compromised inherit
poor grouping docstrings mentor composition rating hallucinated indeed weights con cryptic gradient pytorch loved songs computation
conceptual autonomously tactics angles corner asyncio players viewpoint fallacies directives implicitly stipulates procedures trigger
truly embedded qualities posed charged appointed rudimentary expecting appointment dystopian accessing deserialization behaves diminishing
problematic outermost hosting entertainment roleplay robots clicked genrsa plane shall specially automated anonymize listener objref
tutorial advance aesthetic paramfile verbs catalog underscores encodes calendar aged approve slide almost mathematical sequences coherent
elaborate logging motivation clever lock enormous slice xl spelling regardless presentations resulted evaluating digit errstr pkeyutl
meets refining wall nonzero announced weekly regions redirect reflects recovered uncertain fleet expands specialists practitioners yaml
separates tower consulted intimate quantum cold comfort guest lifestyle prim numerical preprocessor regularly dynamic bottom typed pathlen
wild distinguish methodically verifiable minimal implementing dependent tiny predicts separators reviewed computers encipherment phrasing
regulations damaged analytical composing vital func configfilename beautiful hour war pros limitation stone confused plausible craft
withdraw deposit attendees sky beauty chess attractions signal holes writers efficiently flavor cash enciphered hit affecting hole
individuals promise leaving exporting military stdio motion sorting readability fruits government reaction downloads quest assuming
purchase monologue winner guests gardener struct react meant spending partial failing zpozam yso shaped stable hero op tab conversions
unnamed sigsize samples dt selecting algs caveat unambiguous resentment siblings estranged unspoken normalcy reconnect burden disrupts
younger father escalating subtext bore pragmatic confrontation priv backtracking xcghash ambiguity cl achievable stronger episode lower
ent verifier mu placeholders takeaways systemctl enhancements ct wire thief notorious cautious deserve destruction actively embeds pvk
boost abandoned emotion evoke discovers decades examined oil closest framing aspect shield lifecycle butterfly theoretic medications
consulting dosages ignores sname cluster fd ex figuring playful userinfo fast approvable gpu referencing abc plugins interpreter pretty
mere offering pairing union restrict apparently thriller hexiv minor pragma biases amplifies operated inherently nk ring automatic
integrations wa paused maintainable communications accidental enum streams respectful preachy discussions uniform transformed repositories
captured exchanges flat joint peak summit cacerts wandering installing investigate genuinely vice versa gost enforcement aggressive
crashes retirement net oriented ff hired spkacname dash parseable primitive strips finish retired benchmark moons loyal unused perl
certfile anymore cell demos blanks scannable analyses threading directed involving deciphered connecting abstract approached periods
alignment stakeholders recovery musical dollar verbatim effort temp synonym flows controls principle essentially reporter launches exiting
participants weighing studies varies everywhere lose tallest farmer carefully whereas insecure headquarters graph favorite targeting
computational venture pitches capitalist manages standardizes augment vertical college cross builder fairy gendsa retrievers poorly dots
applied progressively dedicate clinical complement numerous contemporary validity encodings registration boundary encapsulated endpoints
solved encouragement passive purchased developments scalability motivated sufficient guided lift majority backend beyond countless
mediocre capacity earbuds somewhere permission varied portrait organizing throw ultimately overloaded approachable ai un cached bulleted
hundreds copying billions childhood exclusively ensuring unchanged hear stability fresh co contribution legs palette homepage capturing
vehicle kinds met dead nearby hands reporting elif surprising towards colony pain feels searching scores exclusive folders minds chocolate
hallucination chance waste critique deletes passarg preceding gas elimination articles strawberry trace hypotheses conservation influenced
theorem travels funds remarkable discipline profession pizza cube grants credit routines convey laws compounded cycles female receipt
welcome damage trial api skeptical completes newlines dollars realistic menu transition strange workshop receiving draw circumference
justify sectionname providername consequence immediate extensive revolutionary steal economy ball ambiguities featured dq grouped
testimonials appeal donations honor drafting apropos cluttering ffdhe pacing roots logo changelog copywriter invoices deploying podcast
darkest zlib suffix pub deploy docstring transcribe scientifically grab similarly pitfall apparent dice unlimited disappointing
summarization executives bothering hindex refuses userid permanently reappear lang transporting dread grammatical ons interacting adjusts
truncating flourish integrate kur merely ie fabric treatments diagnoses outweigh captures appeared edition oneline constrain moral mother
torn passage attend screenshot aiming ar evening tranquil demise checkout strip enforcing likewise deception routing triage detects
constrains seamless celebrity scandal explanatory quoted temporarily worry rigor indicated enterprise nesting ith yo architectures
simulation rose panic simultaneous emphasize citation tbody thead td prototype invisible missed somewhat guitar ear inviting deliberately
liked explores evolve emerging als extractions restricts blurring deployed ac backs opposite millisecond amazed emulate slip appeals
curated rankings controlling unordered workaround reality possession shutdown gender defaulting trend placing grew retrieval addressable
international punchy council maintenance destroyed initialise stick lifetime extensibility standardized blocksize exceptional consume
emerge og init resultant semantically nouns synthesis creator caps newreq assurance qualifier grabber signaling piano prepended includedir
enforced purely branch wings movement hi lt creators genm encapsulate spatial ptr pt revolve flaws desires tics verbal arc storytelling
obstacles corporate di editors revision weapon proven confidently absolutely hot translator dsaparam cms informed currency comma spec
basics registered relying rapid yellow surprisingly treatment addressed resort behaviors dot enhancing roughly passively tutorials talks
chemistry helped commuter foundations degrees expanded analogy analogies bottle labeled inflation li stays premium persuasiveness padded
molecules sophisticated atoms numprimes textbook arranged photorealistic invitation probing locally classified smimesign chapters executes
norms unfocused shifts targeted invoking historically mgf pss ease illegal transparency appends omitted precede fn powered shake
philosophy recover compilation digesting huge pseudo stealing ach ame filler elderly fault buying national schemas velocity documenting
neural sword happy shorten foundational versatile contrast fewer season envelopes units floor click stranger mechanical houses onto
unacceptable vegetarian prove pronounce compose secretly encrypts realize panel pagination node minimize ordering fan organizational
extended transactions paid utility whenever enciphering frustrating varying mining categorize pi win vegetables drawing ten encourage fly
chatbot worth happiness rust etiquette picture extreme championship fish texture batch aliens agile meals vectors seven attorney defense
argue cm greenhouse defenses tank strongly founded shopping solid elected watching wine saving recognized tea obscure hashtags mapped
surrounded nginx kernel profound trading belong heal glow overheads diversity behavioral reject sphere investigating overwhelming caring
beneficial leave opportunity analytics approaching
`;
