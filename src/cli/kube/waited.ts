/** How long a server let somebody wait for its answers: webhooks that do not answer take their time. */
import type { ApiServer } from '../../sim/api/index.ts';

/** The server with somebody told of the microseconds each answer took. */
export function waited(api: ApiServer, took: (microseconds: number) => void): ApiServer {
	const told = <T extends { readonly took?: number }>(result: T): T => {
		if (result.took) took(result.took);
		return result;
	};
	return {
		...api,
		get revision() {
			return api.revision;
		},
		create: (...given) => told(api.create(...given)),
		update: (...given) => told(api.update(...given)),
		updateStatus: (...given) => told(api.updateStatus(...given)),
		patch: (...given) => told(api.patch(...given)),
		delete: (...given) => told(api.delete(...given)),
		bind: (...given) => told(api.bind(...given)),
		evict: (...given) => told(api.evict(...given)),
	};
}
