/** Requests of a run on their way to the server: told of with `-v`, and refused where whoever speaks may not. */
import type { Action, ApiServer, ApiStatus, Identity } from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';
import { demand, type Request, watched } from '../kube/as-user.ts';

/** Whom `--as` means; undefined when it was not given. */
export function impersonated({ flags }: Run): Identity | undefined {
	const user = flags.text('as');
	if (user === '') return undefined;
	const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user) ?? [];
	const given = flags.list('as-group');
	const own = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
	const known = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
	const uid = flags.text('as-uid');
	const groups = given.length > 0 ? given : own;
	return { user, ...(uid ? { uid } : {}), groups: groups.includes(known) ? groups : [...groups, known] };
}

/** What somebody asks for who speaks as another (pkg/endpoints/filters/impersonation.go @ v1.24.0). */
export function impersonation({ flags }: Run): readonly Action[] {
	const user = flags.text('as');
	const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
	return [
		name === undefined
			? { verb: 'impersonate', resource: 'users', name: user }
			: { verb: 'impersonate', resource: 'serviceaccounts', namespace, name },
		...flags.list('as-group').map((group) => ({ verb: 'impersonate', resource: 'groups', name: group })),
		...(flags.text('as-uid')
			? [{ verb: 'impersonate', group: 'authentication.k8s.io', resource: 'uids', name: flags.text('as-uid') }]
			: []),
	];
}

/** The server as a run meets it. `refuse` is told what the server says to who may not; `told` hears of each request. */
export const asRun = (
	api: ApiServer,
	on: {
		readonly who: Identity;
		readonly refuse: (message: string) => never;
		readonly answer: (thrown: unknown) => ApiStatus | undefined;
		readonly told: ((request: Request) => void) | undefined;
	},
): ApiServer =>
	watched(api, {
		who: on.who,
		refuse: on.refuse,
		answer: on.answer,
		told(request) {
			on.told?.(request);
			demand(api, on.who, request, on.refuse);
		},
	});
