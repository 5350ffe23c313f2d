/** What the API server answers to HTTP, fetched by whoever asks for anything over it (curl, wget, kubectl). */
import { loadForPeople } from '../../sim/api/index.ts';

type Answers = typeof import('./api-server.ts').apiAnswer;

let answers: Answers | undefined;

/** Undefined until it was fetched. */
export const apiAnswers = (): Answers | undefined => answers;

export const loadApiServer = async (): Promise<void> => {
	await loadForPeople();
	answers ??= (await import('./api-server.ts')).apiAnswer;
};
