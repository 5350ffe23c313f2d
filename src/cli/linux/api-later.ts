/** What the API server answers to HTTP, fetched by whoever asks for anything over it (curl, wget, kubectl). */
import { loadForPeople } from '../../sim/api/index.ts';
import { loadControllers } from '../../sim/lab/index.ts';
import { loadWebhookCalls } from './webhook-later.ts';

type Answers = typeof import('./api-server.ts').apiAnswer;

let answers: Answers | undefined;

/** Undefined until it was fetched. */
export const apiAnswers = (): Answers | undefined => answers;

export const loadApiServer = async (): Promise<void> => {
	// What is made over it is looked after, as what kubectl makes.
	await Promise.all([loadForPeople(), loadControllers(), loadWebhookCalls()]);
	answers ??= (await import('./api-server.ts')).apiAnswer;
};
