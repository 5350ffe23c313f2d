/** Filling words: `{entry}` becomes what the variant says. A name without a value is a mistake of the course. */
export function fill(text: string, words: Readonly<Record<string, string>>): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(words, name) ? words[name]! : whole));
}
