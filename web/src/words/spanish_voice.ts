/** The texts of voice channels in Spanish, as far as they are read without a call. */

import { countedBy } from "./counted.ts";
import type { VoiceWords } from "./english_voice.ts";

export function spanishVoice(locale: string): VoiceWords {
  const { number } = countedBy(locale);
  return {
    join: "Unirse a la voz",
    count: (count) => `${number(count)} en la voz`,

    ended: {
      full: (limit) =>
        limit === null ? "Este chat de voz está lleno." : `Este chat de voz está lleno: caben ${number(limit)} personas.`,
      removed: "Te han sacado del chat de voz.",
      taken_over: "Has entrado en el chat de voz desde otro dispositivo. Sigue allí.",
      away: "Has estado fuera más de un minuto y el chat de voz ha terminado para ti.",
      insecure: "La voz necesita una dirección segura. Abre esta página con https.",
      declined: (name) => `${name} ha rechazado la llamada.`,
      blocked: "No puedes llamar a esta persona.",
      encryption_locked: "Este dispositivo no tiene tus claves, así que no puede demostrar que eres tú. Recupéralas en Ajustes, Cifrado.",
      other: "El chat de voz ha terminado.",
    },
  };
}
