/**
 * `--record`: the command line in an annotation of what it writes, for `rollout history`.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/record_flags.go @ v0.24.0.
 */
import { type ApiInput, type ApiServer, isRecord, type Json } from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';

const CAUSE = 'kubernetes.io/change-cause';

/** `kubectl set image deploy/web nginx=nginx:1.24 --record=true` */
const causeOf = ({ path, args, flags }: Run): string =>
	[path, ...args, ...flags.all().map(([name, value]) => `--${name}=${value}`)].join(' ');

const withCause = (object: ApiInput, cause: string): ApiInput => {
	const metadata = isRecord(object.metadata) ? object.metadata : {};
	const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
	return { ...object, metadata: { ...metadata, annotations: { ...annotations, [CAUSE]: cause } } };
};

/** The server, told of the command with everything that is written; says that the flag is an old one. */
export function recording(run: Run, api: ApiServer): ApiServer {
	if (!run.flags.on('record')) return api;
	run.call.err('Flag --record has been deprecated, --record will be removed in the future\n');
	const cause = causeOf(run);
	return {
		...api,
		get revision() {
			return api.revision;
		},
		create: (object, write) => api.create(withCause(object, cause), write),
		update: (object, write) => api.update(withCause(object, cause), write),
		patch(resource, namespace, name, type, patch, write) {
			if (isRecord(patch) && write?.subresource === undefined)
				return api.patch(resource, namespace, name, type, withCause(patch, cause) as Json, write);
			const done = api.patch(resource, namespace, name, type, patch, write);
			if (done.error || write?.dryRun) return done;
			const noted = api.patch(resource, namespace, name, 'application/merge-patch+json', withCause({}, cause) as Json);
			return write?.subresource === undefined ? noted : done;
		},
	};
}
