/** `objects-check.ts` for the browser, where nobody applies objects yet: none is accepted. */
import type { SimError } from './types.ts';

export const checkObjects = (_objects: unknown): SimError | undefined => ({
	code: 'bad-object',
	params: { reason: 'objects are not checked here' },
	where: 'objects',
});
