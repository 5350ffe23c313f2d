/** `--raw` of get, create, replace and delete: a path of the API server, as it answers it. */
import { UNAVAILABLE } from '../../../sim/api/custom/index.ts';
import { type RestAnswer, rest, targetOf } from '../../kube/rest.ts';
import { textOf } from '../../linux/http.ts';
import { throughServer } from '../forward/through-server.ts';
import { fail, type Kube, KubectlError, refuse } from '../kube.ts';

/** What a service or a pod says through the API server; undefined for paths that are not theirs. */
function proxied(kube: Kube, path: string, query: string): string | undefined {
	const target = targetOf(kube.cluster, path);
	const { plural = '' } = target?.resource ?? {};
	if (target?.rest[0] !== 'proxy' || target.name === undefined || !['services', 'pods'].includes(plural))
		return undefined;
	const { namespace } = target;
	kube.demand({ verb: 'get', group: '', resource: plural, subresource: 'proxy', namespace, name: target.name });
	const behind = path.slice(path.indexOf('/proxy') + '/proxy'.length) || '/';
	const headers = new Map([
		['user-agent', `kubectl/${kube.api.version} (linux/amd64)`],
		['accept', 'application/json, */*'],
		['accept-encoding', 'gzip'],
	]);
	const request = { method: 'GET', path, query, version: 'HTTP/1.1', headers, head: '', body: '' };
	const answer = throughServer(kube.run.call.lab, kube.cluster, target, behind, request);
	if (!('octets' in answer)) {
		const { reason = '', message = '' } = ('value' in answer ? answer.value : {}) as Record<string, string>;
		return refuse({ code: answer.status, reason, message });
	}
	const text = textOf(answer.octets);
	const status = Number(/^HTTP\/\S+ (\d+)/.exec(text)?.[1] ?? 0);
	const end = text.indexOf('\r\n\r\n');
	const body = end < 0 ? text : text.slice(end + 4);
	if (status < 400) return body;
	// client-go makes its own words of an answer that is no Status (NewGenericServerResponse).
	if (status === 404)
		return refuse({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
	return refuse({
		code: status,
		reason: status >= 500 ? 'InternalError' : 'BadRequest',
		message: `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`,
	});
}

function partsOf(kube: Kube): readonly [path: string, query: string] {
	const [path = '', query = ''] = kube.run.flags.text('raw').split('?');
	if (!path.startsWith('/'))
		throw new KubectlError(
			`error: --raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request\nSee '${kube.run.path} -h' for help and examples`,
		);
	return [path, query];
}

/** Writes what the server answers as it stands. */
function told(kube: Kube, answer: RestAnswer): number {
	const { call } = kube.run;
	if (answer.status >= 400) {
		const { reason, message } = ('value' in answer ? answer.value : {}) as { reason?: string; message?: string };
		// client-go has its own words for an answer without any.
		const said = `an error on the server (${JSON.stringify('text' in answer ? answer.text.trim() : 'unknown')}) has prevented the request from succeeding`;
		const known =
			answer.status === 503
				? (['ServiceUnavailable', UNAVAILABLE] as const)
				: 'text' in answer && answer.status >= 500
					? (['InternalError', said] as const)
					: 'value' in answer && answer.status >= 500
						? (['', ''] as const)
						: undefined;
		return refuse({
			code: answer.status,
			reason: reason ?? known?.[0] ?? 'NotFound',
			message: message ?? known?.[1] ?? 'the server could not find the requested resource',
		});
	}
	if ('text' in answer) call.out(answer.text);
	// Go's encoder ends a line, its indented form does not.
	else if (answer.pretty) call.out(JSON.stringify(answer.value, undefined, 2));
	else call.out(`${JSON.stringify(answer.value)}\n`);
	return 0;
}

export function getRaw(kube: Kube): number {
	const { call, flags, args } = kube.run;
	if (args.length > 0) return fail('arguments may not be passed when --raw is specified');
	if (flags.on('watch') || flags.on('watch-only') || flags.text('selector'))
		return fail('--raw may not be specified with other flags that filter the server request or alter the output');
	if (flags.text('output')) return fail('--raw and --output are mutually exclusive');
	const [path, query] = partsOf(kube);
	const through = proxied(kube, path, query);
	if (through !== undefined) {
		call.out(through);
		return 0;
	}
	const answer = rest(kube.cluster, {
		method: 'GET',
		path,
		query: new URLSearchParams(query),
		who: kube.who,
		agent: 'kubectl',
	});
	kube.told?.answered(flags.text('raw'), answer.status, 'text' in answer ? answer.text : answer.value);
	return told(kube, answer);
}

/** Sends the one file of `-f`, which only `delete` may lack (kubectl pkg/rawhttp/raw.go raw() @ v0.24.0). */
export async function sendRaw(kube: Kube, method: 'POST' | 'PUT' | 'DELETE'): Promise<number> {
	const { call, flags, args } = kube.run;
	const files = flags.list('filename');
	if (args.length > 0) return fail('arguments may not be passed when --raw is specified');
	if (files.length > 1 || (files.length === 0 && method !== 'DELETE'))
		return fail('--raw can only use a single local file or stdin');
	const [file] = files;
	if (file && /^https?:/.test(file)) return fail('--raw cannot read from a url');
	if (flags.on('recursive')) return fail('--raw and --recursive are mutually exclusive');
	if (flags.text('output')) return fail('--raw and --output are mutually exclusive');
	const [path, query] = partsOf(kube);
	const body = file === undefined ? undefined : file === '-' ? call.stdin : await call.files.read(file);
	if (file !== undefined && body === undefined) return fail(`open ${file}: no such file or directory`);
	const request = { method, path, query: new URLSearchParams(query), who: kube.who, agent: 'kubectl' };
	return told(
		kube,
		rest(kube.cluster, {
			...request,
			...(body === undefined ? {} : { body, contentType: 'application/json' }),
		}),
	);
}
