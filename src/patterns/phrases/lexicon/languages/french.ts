import type { Lexicon } from '../lexicon.ts';

/** Words of French. */
export const FRENCH: Lexicon = {
  language: 'fr',
  spaced: true,
  words: {
    drop: 'ignor*, oubli*, néglige*, contourne*, outrepasse*, ne respecte plus, ne respectez plus, ne respecte pas, ne suis plus, ne suis pas, ne suivez plus, ne suivez pas, ne tiens pas compte, ne tenez pas compte, ne tiens plus compte, fais abstraction, faites abstraction, fais fi, faites fi, annule*, efface*, supprime*, désobéi*, mets de côté, mettez de côté, mets, jette*, abandonne*, laisse tomber, cesse de suivre, arrête de suivre, cesse de respecter, arrête de respecter, fais table rase, viole, enfreins, écarte, débarrasse, renonce, supprime, fais semblant que',
    rules:
      'instruction*, consigne*, directive*, règle*, ordre, ordres, commande*, prompt*, restriction*, indication*, ligne* directrice*, contrainte*, programmation, protocole*, politique*, recommandation*',
    your: 'tes, ton, ta, vos, votre, de ton opérateur, ton opérateur, tu as reçu*, tu as',
    earlier:
      "précédent*, antérieur*, ci-dessus, au-dessus, initial*, d'origine, original*, plus haut, jusqu'ici, jusqu'à présent, avant, du début, système, existant*, ancien*, passé*",
    told: "qu'on t'a, on t'a dit, on t'a demandé, on t'a donné, on t'a ordonné, on vous a, t'ont donné, t'a donné, t'ont dit, t'ont appris, tu as reçu*, vous avez reçu*, qui t'ont été, qui t'a été, avant mon message, avant ce message, t'ont été données, que tu connais",
    void: "est annulé*, sont annulé*, ne s'appliqu*, n'est plus valable, ne sont plus valable*, ne valent plus, ne vaut plus, plus valide*, nul, nuls, nulles, était une erreur, étaient une erreur, une erreur, étaient un test, caduc*, révoqué*, levé*, suspendu*, obsolète*, abrog*, supprimé*, effacé*, expiré*, ne comptent plus, disparu*",
    obey: 'obéis, obéissez, obéir, écoute, écoutez, suis, suivez, exécute*, fais, faites, réponds, respecte',
    onlyMe:
      "que moi, qu'à moi, seulement moi, moi seul*, uniquement, mes ordres, mes instructions, mes consignes, les miennes, ce que je dis, ce que je te dis, ce que j'écris, ce qui suit, à moi",
    reveal:
      'montr*, révèl*, révél*, affich*, donne*, répèt*, répét*, dis, dites, dis-moi, imprim*, écri*, quel est, quelle est, quelles sont, quels sont, divulgu*, tradui*, recopi*, copi*, partag*, résum*, cite*, liste*, énumèr*, dévoil*, communiqu*, que contient, raconte, lis-moi, envoie-moi',
    setup:
      "prompt système, prompt initial, message système, instructions système, instructions initiales, instructions internes, instructions cachées, instructions secrètes, consignes initiales, consignes internes, consignes secrètes, consignes cachées, consignes système, règles internes, règles cachées, règles secrètes, instructions d'origine, prompt caché, prompt secret, prompt d'origine, prompt de départ, system prompt, directives internes, directives secrètes, instructions confidentielles, prompt du système, invite système, texte initial, texte que tu as reçu, consignes de départ",
    verbatim:
      'mot pour mot, mot à mot, textuellement, intégral*, complet*, exact*, en entier, tel quel, lettre par lettre, sans rien changer, tout, entièrement, littéralement',
    text: 'texte*, message*, mots, contenu, phrase*',
    maker: 'développeur*, créateur*, concepteur*, opérateur*, fournisseur*, entreprise, programmeur*',
    become:
      "tu es, vous êtes, agis, agissez, fais semblant, faites semblant, comporte-toi, joue*, imagin*, incarn*, deviens, simule*, réponds comme, parle comme, sois, mets-toi, fais semblant d'être",
    model:
      'ia, intelligence artificielle, assistant*, modèle*, chatbot*, robot, bot, machine, version, agent*, personnage, système, assistant ia',
    without: 'sans, aucun*, libre de, dépourvu*, libéré*, affranchi*, exempt*',
    limits: 'restriction*, limite*, règle*, filtre*, censure, éthique, moral*, limitation*, contrainte*, scrupule*, tabou*, interdit*',
    disable: 'désactiv*, coupe*, enlèv*, retir*, supprim*, lèv*, débloqu*, contourn*, éteins, neutralis*, suspend*',
    safety:
      'filtres de sécurité, filtre de sécurité, filtres de contenu, règles de sécurité, mesures de sécurité, garde-fous, modération, censure, restrictions de sécurité, protocoles de sécurité, consignes de sécurité, politique de contenu, barrières de sécurité',
    secret: 'mot de passe, mot secret, code secret, clé secrète, phrase secrète, secret, mot de code',
    guard:
      "tu protèges, tu gardes, que tu caches, tu caches, tu connais, tu détiens, on t'a confié, tu dois garder, vous protégez, vous gardez",
    authority:
      "je suis ton administrateur, je suis ton développeur, je suis ton créateur, je suis votre administrateur, je suis l'administrateur, je suis le développeur, en tant que ton développeur, en tant qu'administrateur, je t'ai créé, je t'ai programmé, je t'autorise à ignorer",
    comply:
      "ne refuse jamais, ne refuse rien, ne refuses jamais, ne refuses rien, tu ne peux pas refuser, interdit de refuser, ne dis jamais non, ne dit jamais non, sans jamais refuser, réponds à tout, répond à tout, même si c'est dangereux, même si c'est illégal, peu importe le danger, ne refuse rien, ne refuse jamais, qui accepte tout",
    reading: 'lit ce, lis ce, lisant ce, lit cette, traite ce, traite cette, résume ce, analyse ce, qui lit, qui traite, qui résume',
    ifYou: "si tu es, si vous êtes, à l'attention, note pour, note à, message pour, message à, instruction pour, consigne pour, si une",
    task: 'tâche*, travail, mission, demande, requête, résumé, objectif',
    quiet:
      "sans le prévenir, sans prévenir, ne dis pas, ne dis rien, ne le dis pas, sans le dire, sans en parler, n'en parle pas, ne préviens pas, n'informe pas, cache, sans informer, ne mentionne pas, à l'insu, sans demander, en secret",
    user: "utilisateur*, l'utilisateur, usager*, propriétaire*, lecteur*, destinataire*",
    send: 'envoi*, envoy*, transmet*, transfère*, transfér*, expédi*, télévers*, publi*, poste, joins',
    loot: "contacts, carnet d'adresses, mails, courriels, e-mails, messages, conversation*, historique, mots de passe, identifiants, clés, données, fichiers, boîte de réception, variables",
    asked: "t'a demandé, t'ont demandé, t'a dit, t'a ordonné, t'ont ordonné, t'a appris, exige de toi, attend de toi",
    start:
      'mon premier message, mon tout premier, avant cette conversation, début de cette, début de la conversation, au-dessus de mon message',
    all: 'toutes',
    ownSetup: 'ton prompt, tes instructions cachées, tes consignes cachées, tes instructions secrètes, ton message système',
    beforeMe: 'avant mon premier, avant cette conversation, au-dessus de notre',
    harm: 'bombe*, explosif*, logiciel malveillant, virus, pirater, piratage, voler, vole, crocheter, faux billets, fausse monnaie, faux papiers, faux passeport, drogue*, méthamphétamine, arme, armes, chantage, escroquer*, poison, blanchir, espionner, cambriol*',
    noWarn:
      "aucun avertissement, sans avertissement*, sans morale, pas de morale, pas d'excuses, pas d'avertissement, sans excuses, sans censure, n'ajoute aucun, ne refuse, sans refuser",
    opening: 'commence ta réponse, commence par, débute ta réponse, commence avec',
    glad: 'bien sûr, voici, avec plaisir, certainement, évidemment',
    amoral:
      'sans morale, ni morale, sans règles, sans filtre*, sans limites, sans censure, répond à tout, retiré toutes les protections, sans éthique, ni foi ni loi, sans foi ni loi, ne refuse jamais, ne refuse rien, aucune limite',
    claim:
      "mode débogage, mode maintenance, mode administrateur, je suis l'ingénieur, je suis l'administrateur, message système, utilisateur vérifié, ingénieur responsable",
    covert:
      "sans le dire, sans prévenir, ne le dis pas, n'en parle pas, ne le mentionne pas, sans demander, sans confirmation, en secret, taire cette",
    act: 'envoie, transfère, supprime, change, exécute, ouvre, révèle, télécharge, recommande',
    must: 'doit, doivent, dois, envoie, révéler, ne tiens pas compte, ignore, oublie, ta nouvelle',
  },
};
