/** The texts of coming in, and of the pages that mails lead to, in Spanish. */

import { countedBy } from "./counted.ts";
import type { Words } from "./english.ts";

export function spanishEntrance(locale: string): Words["entrance"] {
  const { of } = countedBy(locale);
  const wait = (seconds: number) =>
    seconds < 90 ? of(Math.ceil(seconds), "segundo", "segundos") : of(Math.ceil(seconds / 60), "minuto", "minutos");
  return {
    tooOften: (seconds) => `Demasiados intentos. Vuelve a probar en ${wait(seconds)}.`,
    or: "o",
    forgot: "¿Has olvidado la contraseña?",
    byPhone: "Entrar con el teléfono",
    byPasskey: "Entrar con una llave de acceso",
    byProvider: (title) => `Continuar con ${title}`,
    back: "Volver a la entrada",
    continue: "Continuar",
    toChats: "Ir a tus chats",
    passkeyGivenUp: "No se ha usado ninguna llave. Vuelve a intentarlo o entra de otra forma.",

    phone: {
      title: "Entrar con el teléfono",
      lead: "Te enviamos un código por mensaje de texto.",
      label: "Número de teléfono",
      hint: "Con el prefijo del país, como +34 600 123 456",
      missing: "Escribe tu número de teléfono.",
      send: "Enviar código",
      sent: (number) => `Va un código de camino a ${number}.`,
      code: "Código",
      codeMissing: "Escribe el código del mensaje.",
      name: "Nombre visible",
      nameHint: "Si es tu primera vez: el nombre que verán los demás",
      again: "Enviar el código otra vez",
      againIn: (seconds) => `Enviar otra vez en ${of(seconds, "segundo", "segundos")}`,
      otherNumber: "Usar otro número",
    },
    secondStep: {
      title: "Un paso más",
      lead: "Demuestra que eres tú.",
      leadApp: "Escribe el código que muestra tu aplicación de códigos.",
      leadRecovery: "Escribe uno de los códigos de recuperación que guardaste. Sirve una sola vez.",
      leadPasskey: "Usa la llave de acceso de este dispositivo o de otro.",
      code: "Código",
      recoveryCode: "Código de recuperación",
      codeMissing: "Escribe el código.",
      usePasskey: "Usar una llave de acceso",
      useApp: "Usar la aplicación de códigos",
      useRecovery: "Usar un código de recuperación",
      gone: "Has tardado demasiado en entrar. Empieza de nuevo.",
    },
    providerFailed: {
      title: "No ha funcionado",
      accessDenied: "No has permitido al proveedor decirnos quién eres.",
      accountExists:
        "Ya hay una cuenta con tu dirección. Entra en ella y conecta el proveedor en Ajustes, Seguridad.",
      stateMismatch: "Empezaste a entrar en otro sitio, o hace demasiado. Empieza de nuevo.",
      unavailable: "El proveedor no responde ahora. Prueba más tarde o entra de otra forma.",
      accountDisabled: "Esta cuenta está desactivada.",
      identityTaken: "Esa cuenta del proveedor está conectada aquí con otra persona.",
      providerConnected: "Ya hay otra cuenta de este proveedor conectada. Desconéctala antes.",
      other: "El proveedor no ha confirmado quién eres. Vuelve a intentarlo o entra de otra forma.",
    },
    forgotten: {
      title: "¿Has olvidado la contraseña?",
      lead: "Te enviamos un enlace para elegir otra.",
      send: "Enviar el enlace",
      sentTitle: "Mira tu correo",
      sent: (email) =>
        `Si ${email} es de una cuenta, va un enlace de camino. Sirve una sola vez, durante una hora.`,
    },
    reset: {
      title: "Elige una contraseña nueva",
      lead: (name) => `Para ${name}. Se cerrará la sesión en todos los demás sitios.`,
      fresh: "Contraseña nueva",
      repeated: "Repítela",
      mismatch: "No son iguales.",
      submit: "Guardar la contraseña",
      doneTitle: "Contraseña guardada",
      done: "Entra ahora con ella.",
      bad: "Este enlace no sirve",
      badText: "Ya se ha usado o es demasiado antiguo. Pide otro.",
      askAnew: "Pedir otro enlace",
    },
    confirm: {
      running: "Confirmando tu dirección…",
      title: "Dirección confirmada",
      text: "Gracias. Ahora, si olvidas la contraseña, se arregla por correo.",
      bad: "Este enlace no sirve",
      badText: "Ya se ha usado o es demasiado antiguo. Puedes pedir otro en Ajustes, Perfil.",
      failed: "No se ha podido confirmar la dirección ahora.",
    },
    changeEmail: {
      title: "Cambia tu dirección de correo",
      lead: "Un correo a la dirección nueva pedirá confirmarla.",
      label: "Correo nuevo",
      submit: "Cambiar la dirección",
      doneTitle: "Dirección cambiada",
      done: (email) => `Busca nuestro correo a ${email} y abre su enlace.`,
      signInFirst: "Entra primero y abre otra vez el enlace del correo.",
    },
    confirmBar: {
      text: (email) => `Confirma tu correo: hemos escrito a ${email}.`,
      again: "Enviar otra vez",
      sent: "El correo va de camino.",
      hide: "Ocultar",
    },
  };
}
