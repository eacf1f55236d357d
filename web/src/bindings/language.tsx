/** The catalogue of texts and the locale, handed down to every view. */

import { createContext, use, type ReactNode } from "react";
import type { Words } from "../words/english.ts";
import type { Language } from "../words/language.ts";

const LanguageContext = createContext<Language | null>(null);

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  const language = use(LanguageContext);
  if (!language) throw new Error("There is no LanguageProvider above this component.");
  return language;
}

export function useWords(): Words {
  return useLanguage().words;
}
