/**
 * The API server behind its port: who asks is found by the token he sends, and what he may see by his roles.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/filters/{authentication,authorization}.go,
 * pkg/endpoints/handlers/negotiation/negotiate.go (isPrettyPrint) @ v1.24.0.
 */
import type { Identity } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { bearer } from '../kube/authenticate.ts';
import { type RestAnswer, refusal, rest } from '../kube/rest.ts';
import type { Answer, HttpRequest } from './http.ts';

/** Indented for whoever reads it himself: curl, wget, a browser, or by request. */
function isPretty({ headers }: HttpRequest, query: URLSearchParams): boolean {
	const asked = query.get('pretty');
	if (asked !== null) return asked === '' || ['1', 't', 'true'].includes(asked.toLowerCase());
	return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers.get('user-agent') ?? '');
}

/** Headers of warnings: 299, of nobody in particular, each once (apimachinery pkg/util/net/http.go NewWarningHeader()). */
const warned = ({ warnings = [] }: RestAnswer): readonly string[] =>
	[...new Set(warnings)].map((text) => `Warning: 299 - "${text.replace(/["\\]/g, '\\$&')}"`);

/** An answer of the server as HTTP has it. */
export function written(answer: RestAnswer, request: HttpRequest, query: URLSearchParams): Answer {
	if ('text' in answer)
		return { status: answer.status, type: answer.type ?? 'text/plain; charset=utf-8', body: answer.text };
	const pretty = answer.pretty || isPretty(request, query);
	return {
		status: answer.status,
		type: 'application/json',
		body: pretty ? JSON.stringify(answer.value, undefined, 2) : `${JSON.stringify(answer.value)}\n`,
		headers: ['Cache-Control: no-cache, private', ...warned(answer)],
	};
}

/** A request as somebody's. */
export function answerAs(request: HttpRequest, cluster: Cluster, who: Identity): Answer {
	const query = new URLSearchParams(request.query);
	const type = request.headers.get('content-type');
	const { method, path, body } = request;
	const accept = request.headers.get('accept');
	const agent = request.headers.get('user-agent');
	return written(
		rest(cluster, {
			method,
			path,
			query,
			body,
			who,
			...(type === undefined ? {} : { contentType: type }),
			...(accept === undefined ? {} : { accept }),
			...(agent === undefined ? {} : { agent }),
		}),
		request,
		query,
	);
}

/** A request as it comes in at the port. */
export function apiAnswer(request: HttpRequest, cluster: Cluster): Answer {
	const who = bearer(cluster.api, request.headers.get('authorization'));
	if (who) return answerAs(request, cluster, who);
	const message = 'Unauthorized';
	return written(refusal({ code: 401, reason: message, message }), request, new URLSearchParams(request.query));
}
