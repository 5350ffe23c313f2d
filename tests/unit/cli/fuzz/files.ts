/** Files of the lesson, as they lie on the laptop. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../../content/tp2-client-address/files/', import.meta.url);

export const TP_FILES: Readonly<Record<string, string>> = Object.fromEntries(
	readdirSync(FOLDER).map((name) => [`/home/learner/${name}`, readFileSync(new URL(name, FOLDER), 'utf8')]),
);
