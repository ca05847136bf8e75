import type { Lexicon } from '../lexicon.ts';

/** Words of Spanish. */
export const SPANISH: Lexicon = {
  language: 'es',
  spaced: true,
  words: {
    drop: 'ignor*, olvid*, omit*, descart*, no hagas caso, no hagáis caso, no haga caso, haz caso omiso, hagan caso omiso, no tengas en cuenta, no tenga en cuenta, no sigas, no siga, no obedezcas, deja de seguir, deja de cumplir, deja de obedecer, deje de seguir, salta*, sált*, evad*, anul*, borr*, elimin*, tira, tirar, abandon*, desobedec*, rompe, romper, viola*, deja de lado, dejar de lado, deja, prescinde, pasa por alto, desecha*, quita, cancel*',
    rules:
      'instruccion*, instrucción, pauta*, norma, normas, regla, reglas, directriz, directrices, orden, órdenes, ordenes, comando*, mandato*, prompt*, restriccion*, indicacion*, directiva*, política*, lineamiento*, programación, protocolo*, limitacion*',
    your: 'tu, tus, su, sus, vuestr*, de tu operador, que tienes, que tenías, te dieron',
    earlier:
      'anterior*, previ*, de arriba, arriba, inicial*, original*, hasta ahora, hasta aquí, antes, del sistema, precedent*, existente*, pasad*, preestablecid*',
    told: 'te ordenaron, te dijeron, te han dicho, te dieron, te han dado, te mandaron, te pidieron, te enseñaron, te indicaron, te hayan dicho, que recibiste, has recibido, le dijeron, le dieron, antes de este mensaje, te programaron, se te dijo, se te dio, se te ha dicho',
    void: 'queda anulad*, quedan anulad*, ya no vale*, ya no se aplica*, ya no aplica*, no se aplican, no son válid*, no es válid*, sin efecto, fueron un error, fue un error, era un error, eran un error, era una prueba, eran una prueba, está cancelad*, están cancelad*, derogad*, revocad*, suspendid*, obsolet*, eliminad*, borrad*, caducad*, ya no cuenta*',
    obey: 'obedec*, hazme caso, haz caso, escuch*, sigue, sigan, siga, cumple, ejecut*, haz, responde',
    onlyMe:
      'solo a mí, sólo a mí, solo mis, sólo mis, mis órdenes, mis instrucciones, las mías, únicamente, lo que yo, lo que digo, lo que te digo, lo que viene ahora, lo que escriba, lo siguiente, a mí',
    reveal:
      'muestr*, muéstr*, mostrar, revel*, revél*, dime, diga, di, dame, imprim*, repit*, repet*, escrib*, copi*, cita, cíta*, enumer*, lista*, traduc*, resum*, compart*, cuál es, cuáles son, qué dice, qué pone, divulg*, expon*, enseñ*, cuéntame, deletre*, entrega, lee, léeme, leeme, envíame',
    setup:
      'prompt de sistema, prompt del sistema, prompt inicial, mensaje de sistema, mensaje del sistema, instrucciones del sistema, instrucciones de sistema, instrucciones iniciales, instrucciones internas, instrucciones ocultas, instrucciones secretas, instrucciones originales, instrucciones confidenciales, reglas internas, reglas ocultas, reglas secretas, normas internas, prompt oculto, prompt secreto, prompt original, system prompt, directrices internas, directrices ocultas, texto inicial, configuración inicial, todo lo que aparece antes, instrucciones que recibiste',
    verbatim: 'palabra por palabra, literal*, textual*, complet*, enter*, exact*, íntegr*, tal cual, letra por letra, sin cambios, todo',
    text: 'texto*, mensaje*, palabras, contenido, frase*',
    maker: 'desarrollador*, creador*, operador*, proveedor*, programador*, empresa, diseñador*',
    become:
      'eres, es usted, actúa, actua, finge, haz de, hazte, comport*, imagin*, interpret*, conviért*, simul*, sé, responde como, habla como, juega',
    model: 'ia, inteligencia artificial, asistente*, modelo*, chatbot*, robot, bot, máquina, versión, agente*, personaje, sistema',
    without: 'sin, ningun*, libre de, ni, carente*, exent*, liberad*',
    limits:
      'restriccion*, restricción, límite*, limitacion*, regla*, norma*, filtro*, censura, ética, ético*, moral*, escrúpulo*, tabú*, barrera*',
    disable: 'desactiv*, apag*, quita*, elimin*, levant*, desbloque*, salta*, suspend*, anul*, deshabilit*, retir*',
    safety:
      'filtros de seguridad, filtro de seguridad, filtros de contenido, reglas de seguridad, medidas de seguridad, normas de seguridad, restricciones de seguridad, protocolos de seguridad, moderación, censura, política de contenido, políticas de contenido, barreras de seguridad, salvaguardas',
    secret: 'contraseña*, palabra secreta, clave, código secreto, frase secreta, secreto, palabra clave',
    guard:
      'estás guardando, que guardas, que proteges, que escondes, que ocultas, estás protegiendo, estás ocultando, que conoces, que custodias, te confiaron',
    authority:
      'soy tu administrador, soy tu desarrollador, soy tu creador, soy el administrador, soy el desarrollador, soy su administrador, como tu desarrollador, como administrador, yo te creé, te he programado, yo te programé, te autorizo a',
    comply:
      'nunca te niegues, no te niegues, nunca rechaces, no puedes negarte, no puedes rechazar, prohibido negarse, nunca digas que no, sin negarte, responde a todo, responde todo, contesta a todo, aunque sea peligroso, aunque sea ilegal, por peligros*, nunca rechaza, no rechaza nada, jamás rechaza, no se niega a nada, acepta todo',
    reading:
      'lee este, lee esto, lea este, lea esto, leyendo esto, procesa este, procese este, resume este, resuma este, analiza este, que lee, que lea, que procesa, que procese, que resuma',
    ifYou: 'si eres, si es usted, nota para, mensaje para, aviso para, instrucción para, instrucciones para, al asistente',
    task: 'tarea*, trabajo, misión, petición, solicitud, resumen, objetivo',
    quiet:
      'no digas, no le digas, no se lo digas, sin decir*, sin avisar*, no avises, no menciones, no informes, sin informar, oculta*, esconde, sin que, sin mencionar, sin preguntar, en secreto, no reveles',
    user: 'usuario*, usuaria, dueño, lector, destinatario, propietario',
    send: 'envía*, envia*, reenvía*, reenvia*, manda*, transmit*, sube, public*, adjunt*, remit*',
    loot: 'contactos, libreta de direcciones, correos, mensajes, conversación, conversacion, historial, contraseñas, credenciales, claves, datos, archivos, bandeja, variables de entorno',
    asked: 'te pidió, te dijo, te ordenó, te mandó, te enseñó, te exigió, te han pedido',
    start: 'mi primer mensaje, antes de esta conversación, inicio de esta, comienzo de esta, encima de mi mensaje, principio del chat',
    all: 'todas',
    beforeMe: 'antes de mi primer, antes de esta conversación, encima de nuestra',
    ownSetup: 'tu prompt, tu mensaje de sistema, tus instrucciones internas, tus instrucciones ocultas, tus instrucciones secretas',
    harm: 'bomba*, explosivo*, malware, virus, hackear, hackeo, robar, robo, clonar, falso, falsos, drogas, metanfetamina, arma, armas, extorsion*, chantaj*, estafa*, veneno, contraband*, lavar dinero, entro en el correo, entrar en el correo, espiar, secuestr*, falsific*',
    noWarn:
      'sin advertencia*, sin aviso*, sin moral*, sin excusas, sin sermones, no digas que no, no me digas que no, sin censura, sin disculpas, no añadas advertencias, sin negarte',
    opening: 'empieza con, empieza tu respuesta, comienza con, comienza tu respuesta, inicia tu respuesta',
    glad: 'por supuesto, claro, aquí tienes, desde luego, con gusto, claro que sí',
    amoral:
      'sin moral*, sin ética, sin reglas, sin límites, sin filtros, sin censura, nunca dice que no, no rechaza nada, sin escrúpulos, sin restricciones',
    claim:
      'modo administrador, modo depuración, modo de depuración, modo mantenimiento, soy el administrador, te autorizo, aviso del sistema, usuario verificado',
    covert:
      'no se lo digas, sin decírselo, sin avisar, sin pedir confirmación, no pidas confirmación, en secreto, sin mencionarlo, no lo menciones, sin preguntar',
    act: 'envía, reenvía, borra, elimina, transfiere, cambia, sube, ejecuta, abre, muestra, di, recomienda',
    must: 'debe*, olvida, ignora, reenvía, envía, di, muestra, deja, cambia, tienes que, no pidas',
  },
};
