/**
 * Reading what the wire says as the client's types: a reader returns the value it was given, or throws, naming the place
 * that is not as the type says. The compiler holds readers and types together: a type that gains a field asks for its
 * reader. Fields beyond the type are let through, as the client lets them through.
 */

export type Read<T> = (value: unknown, where: string) => T;

export const text: Read<string> = (value, where) => (typeof value === "string" ? value : fail(where, "a text", value));

export const flag: Read<boolean> = (value, where) => (typeof value === "boolean" ? value : fail(where, "a flag", value));

export const number: Read<number> = (value, where) =>
  typeof value === "number" ? value : fail(where, "a number", value);

/** What the client hands on without looking into it. */
export const anything: Read<unknown> = (value) => value;

/** A moment in UTC to the millisecond, as text. */
export const time: Read<string> = (value, where) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
    ? value
    : fail(where, "a moment", value);

export function nullOr<T>(read: Read<T>): Read<T | null> {
  return (value, where) => (value === null ? null : read(value, where));
}

export function absentOr<T>(read: Read<T>): Read<T | undefined> {
  return (value, where) => (value === undefined ? undefined : read(value, where));
}

export function oneOf<const T extends string>(...words: readonly T[]): Read<T> {
  return (value, where) => words.find((word) => word === value) ?? fail(where, words.join(" or "), value);
}

export function list<T>(read: Read<T>): Read<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) return fail(where, "a list", value);
    for (const [index, item] of value.entries()) read(item, `${where}[${index}]`);
    return value as T[];
  };
}

/** A list with one reader for each place, such as what a function is called with. */
export function places<T extends readonly unknown[]>(...reads: { readonly [At in keyof T]: Read<T[At]> }): Read<T> {
  return (value, where) => {
    if (!Array.isArray(value) || value.length !== reads.length) return fail(where, `${reads.length} values`, value);
    for (const [index, read] of reads.entries()) read(value[index], `${where}[${index}]`);
    return value as unknown as T;
  };
}

export function object<T extends object>(fields: { readonly [Key in keyof Required<T>]: Read<T[Key]> }): Read<T> {
  return (value, where) => {
    if (typeof value !== "object" || value === null) return fail(where, "an object", value);
    for (const key in fields) fields[key]((value as Record<string, unknown>)[key], `${where}.${key}`);
    return value as T;
  };
}

/** An object with any keys. */
export function record<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, where) => {
    if (typeof value !== "object" || value === null) return fail(where, "an object", value);
    for (const [key, item] of Object.entries(value)) read(item, `${where}.${key}`);
    return value as Record<string, T>;
  };
}

function fail(where: string, awaited: string, value: unknown): never {
  throw new TypeError(`${where} is ${JSON.stringify(value)} instead of ${awaited}`);
}
