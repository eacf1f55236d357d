/** The texts of what can be done with messages in Spanish. */

import { countedBy } from "./counted.ts";
import type { Words } from "./english.ts";

export function spanishMessages(locale: string): Words["messages"] {
  const { number, of } = countedBy(locale);
  return {
    react: "Reaccionar",
    moreEmoji: "Más emojis",
    quickReactions: "Reacciones rápidas",
    reactions: "Reacciones",
    reaction: (emoji, count) => `${emoji} ${number(count)}`,
    reactedBy: (names, more) => (more > 0 ? `${names} y ${number(more)} más` : names),
    forward: "Reenviar",
    star: "Destacar",
    unstar: "Quitar estrella",
    starred: "Destacado",
    pin: "Fijar",
    unpin: "Desfijar",
    pinned: "Fijado",
    select: "Seleccionar",
    readBy: "Leído por",
    history: "Historial de cambios",
    copyLink: "Copiar enlace",
    linkCopied: "Enlace copiado",
    linkCopyFailed: "No se pudo copiar el enlace.",
    silent: "Enviado sin sonido",

    deleteTitle: (count) => (count === 1 ? "¿Eliminar este mensaje?" : `¿Eliminar ${of(count, "mensaje", "mensajes")}?`),
    deleteOwn: (count) => (count === 1 ? "Desaparecerá para todos." : "Desaparecerán para todos."),
    deleteMany: "Desaparecerán para todos. Algunos los escribieron otras personas.",

    selecting: {
      bar: "Mensajes elegidos",
      count: (count) => of(count, "elegido", "elegidos"),
      stop: "Dejar de seleccionar",
      copied: "Texto copiado",
      one: (name) => `Seleccionar: ${name}`,
    },

    pins: {
      bar: "Mensajes fijados",
      title: "Mensaje fijado",
      nth: (place, count) => `Mensaje fijado ${number(place)} de ${number(count)}`,
      all: "Todos los mensajes fijados",
      jump: "Ver en el chat",
    },

    forwarding: {
      title: (count) => (count === 1 ? "Reenviar mensaje" : `Reenviar ${of(count, "mensaje", "mensajes")}`),
      search: "Buscar un chat",
      chats: "Chats a los que reenviar",
      nothing: "Ningún chat se llama así.",
      none: "Todavía no hay ningún chat al que reenviar.",
      act: "Enviar",
      actTo: (count) => `Enviar a ${of(count, "chat", "chats")}`,
      tooMany: (most) => `Como mucho ${of(most, "chat", "chats")} a la vez.`,
      done: (name) => `Reenviado a ${name}`,
      doneMany: (count) => `Reenviado a ${of(count, "chat", "chats")}`,
      from: "Reenviado de",
    },

    poll: {
      name: "Encuesta",
      one: "Encuesta",
      several: "Encuesta de varias respuestas",
      closed: "Encuesta cerrada",
      vote: "Votar",
      takeBack: "Retirar el voto",
      close: "Cerrar la encuesta",
      closeTitle: "¿Cerrar esta encuesta?",
      closeText: "Nadie podrá votar más. El resultado se queda.",
      voters: "Quién ha votado",
      nobody: "Todavía no hay votos",
      count: (count) => of(count, "voto", "votos"),
      people: (count) => of(count, "persona ha votado", "personas han votado"),
      result: (text, votes, percent) => `${text}: ${of(votes, "voto", "votos")}, ${number(percent)} %`,
      own: "tu voto",
      percent: (percent) => `${number(percent)} %`,
      results: "Resultados",
    },

    readers: {
      title: "Leído por",
      nobody: "Todavía no lo ha leído nadie.",
      failed: "No se pudo cargar quién lo ha leído.",
    },
    versions: {
      title: "Historial de cambios",
      now: "Como está ahora",
      first: "Como se envió",
      failed: "No se pudieron cargar las versiones anteriores.",
      none: "No se conserva ninguna versión anterior.",
    },
    person: {
      title: "Perfil",
      message: "Enviar mensaje",
      gone: "No se puede mostrar a esta persona.",
    },
    stars: {
      title: "Mensajes destacados",
      hint: "Lo que quieres volver a encontrar",
      empty: "Todavía no hay nada destacado",
      emptyText: "Elige «Destacar» en el menú de un mensaje y lo volverás a encontrar aquí.",
      more: "Mostrar más",
      in: (sender, chat) => `${sender} en ${chat}`,
    },


    code: "Código",
    copyCode: "Copiar código",
    hidden: "Texto oculto. Pulsa para verlo.",
    summary: {
      poll: (question) => `📊 ${question}`,
      image: (count) => (count === 1 ? "🖼 Imagen" : `🖼 ${of(count, "imagen", "imágenes")}`),
      video: (count) => (count === 1 ? "🎬 Vídeo" : `🎬 ${of(count, "vídeo", "vídeos")}`),
      audio: (count) => (count === 1 ? "🎵 Audio" : `🎵 ${of(count, "audio", "audios")}`),
      file: (name, more) => (more === 0 ? `📎 ${name}` : `📎 ${name} y ${number(more)} más`),
    },
  };
}
