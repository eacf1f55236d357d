/** The texts of calls in Spanish, which load with the first one. */

import { countedBy } from "./counted.ts";
import type { CallWords } from "./english_call.ts";

export function spanishCall(locale: string): CallWords {
  const { number } = countedBy(locale);
  return {
    title: "Chat de voz",
    leave: "Salir de la voz",
    mute: "Silenciar",
    unmute: "Activar micrófono",
    deafen: "Ensordecer",
    undeafen: "Volver a oír",
    hold: "Mantén para hablar",
    share: "Compartir pantalla",
    stopSharing: "Dejar de compartir",
    cameraOn: "Encender la cámara",
    cameraOff: "Apagar la cámara",
    participants: "Participantes de voz",
    enlarge: "Ver en grande",
    reduce: "Ver en pequeño",
    toCall: "Ir a la llamada",
    toHere: "Estás en este chat de voz",

    joining: "Conectando…",
    away: "No se llega al servidor: la llamada sigue y en un momento volverás a estar conectado.",
    calling: (name) => `Llamando a ${name}…`,
    noAnswer: "No contesta. Puedes esperar aquí o probar en otro momento.",
    alone: "Aún no hay nadie más.",
    encrypted: "Cifrado de extremo a extremo",
    heardByServer: "Sin cifrado de extremo a extremo: el servidor de este chat podría escuchar.",
    forwarded: "Sin cifrado de extremo a extremo: con tanta gente el sonido pasa por el servidor de este chat, que podría escuchar.",
    unproven: (name, because) =>
      ({
        missing: `No se oye a ${name}: su dispositivo no demuestra que el sonido viene de extremo a extremo.`,
        wrong: `No se oye a ${name}: la prueba de que el sonido viene de extremo a extremo es falsa. Puede que alguien intente escuchar.`,
        stranger: `No se oye a ${name}: la clave que demuestra su sonido no es una que conozcas como suya. Comparad antes los números de seguridad.`,
      })[because],
    unreachable: (name) =>
      `No hay camino hasta ${name}. Se sigue intentando. Si no cambia, quizá quienes llevan este servidor tengan que configurar TURN.`,
    forwardingUnreachable: "No hay camino hasta el servidor que lleva el sonido. Se sigue intentando.",
    microphoneDenied: "Tu micrófono no está permitido aquí: solo escuchas. Permítelo en el navegador y pulsa Activar micrófono.",
    microphoneMissing: "No se ha podido usar ningún micrófono: solo escuchas. Conecta uno, o cierra el programa que lo usa, y pulsa Activar micrófono.",
    silencedYou: "Quienes cuidan este chat te han silenciado para todos.",

    state: {
      you: "tú",
      speaking: "hablando",
      muted: "en silencio",
      deafened: "sin oír",
      silenced: "silenciado para todos",
      sharing: "compartiendo pantalla",
      camera: "cámara encendida",
      connecting: "conectando",
      unreachable: "sin camino",
      unproven: "sin prueba de extremo a extremo",
    },
    quality: { good: "buena conexión", fair: "conexión regular", poor: "mala conexión" },
    screenOf: (name) => `Pantalla de ${name}`,
    cameraOf: (name) => `Cámara de ${name}`,
    yourScreen: "Tu pantalla",

    actions: (name) => `Acciones para ${name}`,
    silence: "Silenciar para todos",
    unsilence: "Dejar hablar de nuevo",
    remove: "Sacar de la voz",

    devices: {
      open: "Sonido y dispositivos",
      microphone: "Micrófono",
      camera: "Cámara",
      speaker: "Altavoz",
      usual: "Predeterminado del sistema",
      unnamed: (at) => `Dispositivo ${number(at)}`,
      level: "Qué tan alto se te oye",
      pushToTalk: "Pulsar para hablar",
      pushToTalkHint: "Solo se te oye mientras mantienes la barra espaciadora o el botón.",
      failed: "No se ha podido usar este dispositivo. Quizá lo tenga otro programa.",
      done: "Listo",
    },

    ring: {
      title: (name) => `${name} te llama`,
      encrypted: "Llamada cifrada de extremo a extremo",
      open: "Llamada de voz",
      accept: "Aceptar",
      decline: "Rechazar",
    },

    cameraFailed: "No se ha podido encender la cámara. Permítela en el navegador o cierra el programa que la usa.",
    shareFailed: "No se ha podido compartir la pantalla.",
  };
}
