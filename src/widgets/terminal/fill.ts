/** A text of the terminal with its values. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
	text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
