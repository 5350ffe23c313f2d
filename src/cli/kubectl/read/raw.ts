/** `kubectl get --raw`: a path of the API server, as it answers it. */
import { rest } from '../../kube/rest.ts';
import { fail, type Kube, KubectlError, refuse } from '../kube.ts';

export function getRaw(kube: Kube): number {
	const { call, flags, args } = kube.run;
	if (args.length > 0) return fail('arguments may not be passed when --raw is specified');
	if (flags.on('watch') || flags.on('watch-only') || flags.text('selector'))
		return fail('--raw may not be specified with other flags that filter the server request or alter the output');
	const url = flags.text('raw');
	const [path = '', query = ''] = url.split('?');
	if (!path.startsWith('/'))
		throw new KubectlError(
			`error: --raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request\nSee '${kube.run.path} -h' for help and examples`,
		);
	const answer = rest(kube.cluster, { method: 'GET', path, query: new URLSearchParams(query), who: kube.who });
	if (answer.status >= 400) {
		const { reason, message } = ('value' in answer ? answer.value : {}) as { reason?: string; message?: string };
		return refuse({
			code: answer.status,
			reason: reason ?? 'NotFound',
			message: message ?? 'the server could not find the requested resource',
		});
	}
	if ('text' in answer) call.out(answer.text);
	// Go's encoder ends a line, its indented form does not.
	else if (answer.pretty) call.out(JSON.stringify(answer.value, undefined, 2));
	else call.out(`${JSON.stringify(answer.value)}\n`);
	return 0;
}
