/** Whether a file reads as YAML, and where not and why in the reader's language. Fetched when a YAML file is edited. */
import { readManifests } from '../../../cli/index.ts';
import { loadLabExerciseText, type YamlCode } from '../../../i18n/lab-exercise/index.ts';
import type { Language } from '../../../i18n/languages.ts';

export interface Fault {
	/** From 1, as the column. */
	readonly line: number;
	readonly column: number;
	readonly why: string;
}

/** What the parser cannot read is said in the words of the exercises; what kubectl refuses beyond, in kubectl's. */
export async function faultOf(text: string, language: Language): Promise<Fault | undefined> {
	const read = readManifests(text);
	if (!('error' in read)) return undefined;
	const { line, column, code, error } = read;
	if (code === undefined) return { line, column, why: error.replace(/^.*?yaml: /, '') };
	const { yaml } = await loadLabExerciseText(language);
	return { line, column, why: yaml[(code in yaml ? code : 'other') as YamlCode] };
}
