/** Files of the lessons, as text. */
const FILES = import.meta.glob<string>('../../content/*/files/*', { query: '?raw', import: 'default', eager: true });

/** Text of a lesson's file. @throws Error when it is not there */
export function lessonFile(lesson: string, name: string): string {
	const text = FILES[`../../content/${lesson}/files/${name}`];
	if (text === undefined) throw new Error(`content/${lesson}/files/${name} is not there`);
	return text;
}

/** Text of these files by name. */
export function lessonFiles(lesson: string, names: readonly string[]): Readonly<Record<string, string>> {
	return Object.fromEntries(names.map((name) => [name, lessonFile(lesson, name)]));
}
