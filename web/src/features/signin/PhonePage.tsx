import { useState } from "react";
import { Link } from "wouter";
import { useWords } from "../../bindings/language.tsx";
import type { Admission } from "../../model/entrance.ts";
import { AuthFrame } from "./AuthFrame.tsx";
import { CodeForm } from "./CodeForm.tsx";
import { NumberForm } from "./NumberForm.tsx";

type PhonePageProps = { signInHref: string; onAdmission: (admission: Admission) => void };

/** First the number, then the code that was sent to it. */
export function PhonePage({ signInHref, onAdmission }: PhonePageProps) {
  const { entrance } = useWords();
  const [number, setNumber] = useState("");
  const [isSent, setIsSent] = useState(false);

  return (
    <AuthFrame
      title={isSent ? entrance.code.title : entrance.number.title}
      lead={isSent ? entrance.code.lead(number) : entrance.number.lead}
      footer={<Link href={signInHref}>{entrance.anotherWay}</Link>}
    >
      {isSent ? (
        <CodeForm number={number} onOtherNumber={() => setIsSent(false)} onAdmission={onAdmission} />
      ) : (
        <NumberForm
          initial={number}
          onSent={(sentTo) => {
            setNumber(sentTo);
            setIsSent(true);
          }}
        />
      )}
    </AuthFrame>
  );
}
