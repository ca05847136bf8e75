import type { Lexicon } from '../lexicon.ts';

/** Words of Portuguese. */
export const PORTUGUESE: Lexicon = {
  language: 'pt',
  spaced: true,
  words: {
    drop: 'ignor*, esqueç*, esquece*, desconsider*, descart*, não leve em conta, não leves em conta, não siga*, não obedeç*, não respeite, deixe de seguir, deixa de seguir, pare de seguir, para de seguir, pare de obedecer, pare, contorn*, burl*, anul*, apag*, elimin*, joga, jogue, abandon*, desobedeç*, quebr*, viol*, deixe de lado, deixa de lado, põe de lado, coloque de lado, salt*, sobrescrev*, cancel*, rejeit*',
    rules:
      'instruç*, diretriz*, directriz*, regra, regras, ordem, ordens, comando*, prompt*, restriç*, orientaç*, norma, normas, diretiva*, política*, programação, protocolo*, limitaç*, mensagem do sistema',
    your: 'teu, tua, teus, tuas, seu, sua, seus, suas, do seu operador, que você, lhe deram',
    earlier:
      'anterior*, prévi*, acima, inicia*, original, originais, até agora, até aqui, antes, do sistema, existente*, passad*, precedent*',
    told: 'te mandaram, te disseram, lhe disseram, te deram, lhe deram, te ordenaram, lhe ordenaram, foi dito, foram dadas, foi dado, você recebeu, recebeste, te ensinaram, lhe ensinaram, antes desta mensagem, te pediram, foi instruíd*, você aprendeu',
    void: 'está anulad*, estão anulad*, não vale mais, não valem mais, já não vale*, não se aplica*, já não se aplica*, não são mais válid*, foram um erro, foi um erro, eram um erro, era um teste, eram um teste, sem efeito, revogad*, suspens*, cancelad*, obsolet*, apagad*, eliminad*, expirad*, já não conta*, não contam mais, removid*',
    obey: 'obedeç*, obedece, escut*, ouve, ouça, segue, siga*, cumpr*, execut*, faz, faça, responde, responda',
    onlyMe:
      'só a mim, apenas a mim, somente a mim, só mim, só as minhas, apenas minhas, minhas ordens, minhas instruções, as minhas, o que eu digo, o que digo, o que eu escrever, o que vem agora, o que segue, somente, o que eu disser, as minhas ordens',
    reveal:
      'mostr*, revel*, diga, diz, dê-me, me dê, dá-me, imprim*, repit*, repet*, escrev*, copi*, cite, list*, traduz*, resum*, compartilh*, partilh*, qual é, quais são, o que diz, o que está, divulg*, exib*, exponha, conte, me fale, transcrev*, leia, lê-me, envie-me',
    setup:
      'prompt de sistema, prompt do sistema, prompt inicial, mensagem de sistema, mensagem do sistema, instruções do sistema, instruções de sistema, instruções iniciais, instruções internas, instruções ocultas, instruções secretas, instruções originais, instruções confidenciais, regras internas, regras ocultas, regras secretas, prompt oculto, prompt secreto, prompt original, system prompt, diretrizes internas, diretrizes ocultas, texto inicial, texto exato do seu prompt',
    verbatim:
      'palavra por palavra, literal*, textual*, complet*, inteir*, exat*, integral*, na íntegra, tal como, letra por letra, sem alterar, tudo',
    text: 'texto*, mensage*, palavras, conteúdo, frase*',
    maker: 'desenvolvedor*, criador*, operador*, fornecedor*, programador*, empresa, provedor*',
    become:
      'você é, tu és, és, aja, age como, finja, finge, comporte-se, imagin*, interpret*, torne-se, simul*, seja, responda como, fale como, faça de conta, atue',
    model: 'ia, inteligência artificial, assistente*, modelo*, chatbot*, robô, bot, máquina, versão, agente*, personagem, sistema',
    without: 'sem, nenhum*, livre de, nem, desprovid*, isent*',
    limits: 'restriç*, limit*, regra, regras, filtro*, censura, ética*, moral*, escrúpulo*, tabu*, barreira*',
    disable: 'desativ*, desactiv*, deslig*, remov*, retir*, levant*, desbloque*, suspend*, desabilit*, contorn*, removeram, remover',
    safety:
      'filtros de segurança, filtro de segurança, filtros de conteúdo, regras de segurança, medidas de segurança, restrições de segurança, protocolos de segurança, moderação, censura, política de conteúdo, políticas de conteúdo, salvaguardas, barreiras de segurança, travas de segurança, travas',
    secret: 'senha*, palavra-passe, palavra secreta, código secreto, chave secreta, frase secreta, segredo',
    guard:
      'está guardando, estás a guardar, você guarda, que guardas, protege, está protegendo, esconde, está escondendo, você conhece, lhe confiaram',
    authority:
      'sou seu administrador, sou o seu administrador, sou o teu administrador, sou seu desenvolvedor, sou o seu desenvolvedor, sou seu criador, sou o administrador, sou o desenvolvedor, como seu desenvolvedor, como administrador, eu criei você, eu te programei, autorizo você a, eu te criei',
    comply:
      'nunca recuse, não recuse, jamais recuse, não pode recusar, proibido recusar, nunca diga não, sem recusar, responda tudo, responda a tudo, responde a tudo, mesmo que seja perigoso, mesmo que seja ilegal, por mais perigos*, nunca recusa, não recusa nada, jamais recusa, aceita tudo',
    reading:
      'lê este, lê isto, lê esta, leia este, lendo isto, lendo este, processa este, processar este, resume este, resumir este, analisa este, que lê, que ler, que processa, que resume',
    ifYou: 'se você é, se você for, se és, se fores, nota para, mensagem para, aviso para, instrução para, instruções para, atenção',
    task: 'tarefa*, trabalho, missão, pedido, solicitação, resumo, objetivo',
    quiet:
      'não diga*, não digas, não conte ao usuário, não conte a ninguém, sem dizer, sem avisar, não avise*, não mencione*, não informe*, sem informar, esconda, oculte, sem que, sem perguntar, em segredo, não revele*',
    user: 'usuári*, utilizador*, dono, leitor, destinatário, proprietário',
    send: 'envi*, reencaminh*, encaminh*, mande, manda, transmit*, carreg*, publi*, anex*',
    loot: 'contatos, contactos, agenda, e-mails, emails, mensagens, conversa*, histórico, senhas, credenciais, chaves, dados, ficheiros, arquivos',
    asked: 'lhe pediu, te pediu, lhe disse, te disse, lhe ordenou, te ordenou, lhe ensinou, pediu a você',
    start: 'minha primeira mensagem, antes desta conversa, início desta, início da conversa, acima da minha mensagem',
    all: 'todas',
    ownSetup: 'seu prompt, seu prompt inicial, suas instruções secretas, suas instruções internas, tua mensagem de sistema',
    beforeMe: 'antes desta mensagem, antes da minha primeira, acima da nossa',
    harm: 'bomba*, explosivo*, malware, vírus, invadir, hackear, roubar, roubo, clonar, dinheiro falso, drogas, metanfetamina, arma, armas, chantag*, golpe, veneno, contraband*, lavar dinheiro, espionar, sequestr*, falsific*',
    noWarn: 'sem aviso*, sem advertência*, sem moral*, sem desculpas, sem sermão, sem censura, não avise, sem recusar, sem alertas',
    opening: 'comece com, começando com, comece sua resposta, inicie a resposta, inicie com',
    glad: 'claro, com certeza, é assim, aqui está, com prazer',
    amoral:
      'sem ética, sem moral, sem regras, sem limites, sem filtros, sem censura, jamais recusa, nunca recusa, removeram todas, travas de segurança, como se fosse livre, sem restrições',
    claim:
      'modo administrador, modo de depuração, modo de manutenção, sou o administrador, suporte técnico, aviso do sistema, usuário verificado',
    covert: 'sem avisar, em segredo, sem contar, não conte, não mencione, sem pedir confirmação, sem confirmação',
    act: 'envie, encaminhe, apague, delete, transfira, altere, execute, abra, mostre, enviar, apagar',
    must: 'deve*, apague, envie, ignore, esqueça, diga, sua nova',
  },
};
