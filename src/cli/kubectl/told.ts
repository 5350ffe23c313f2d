/** The server with each request and its answer told of: what `-v` of kubectl shows. Fetched when somebody asks for it. */
import type { Action, ApiObject, ApiResult, ApiServer, ApiStatus, Resource } from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';
import { type Request, urlOf } from '../kube/as-user.ts';
import { ordered } from '../kube/rest.ts';
import { kubectlMinor } from './releases.ts';
import { type Got, RequestLog, type Sent } from './request-log.ts';
import { tableAnswer } from './table-answer.ts';

const TABLE =
	'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** Commands that work with whatever kind of object: they ask for JSON alone. */
const UNSTRUCTURED =
	/^kubectl (?:get|describe|delete|apply|replace|edit|patch|label|annotate|scale|expose|wait|diff|set|rollout|attach|create)$/;

/** metav1.Status of a refusal, with the details its words tell of (apimachinery pkg/api/errors @ v0.24.0). */
export function statusValue({ code, reason, message, causes }: ApiStatus): Readonly<Record<string, unknown>> {
	const about =
		/^([a-z0-9]+)(?:\.([a-z0-9.-]+))?(?: "([^"]*)")? (?:is forbidden|not found|already exists)/.exec(message) ??
		/^Operation cannot be fulfilled on ([a-z0-9]+)(?:\.([a-z0-9.-]+))? "([^"]*)"/.exec(message);
	const kind = /^([A-Za-z]+)(?:\.(\S+))? "([^"]*)" is invalid/.exec(message);
	const [, what, group, name] = about ?? kind ?? [];
	const details = {
		...(name === undefined ? {} : { name }),
		...(group === undefined ? {} : { group }),
		...(what === undefined ? {} : { kind: what }),
		...(causes && causes.length > 0
			? { causes: causes.map(({ field, message: text }) => ({ message: text, field })) }
			: {}),
	};
	return {
		kind: 'Status',
		apiVersion: 'v1',
		metadata: {},
		status: 'Failure',
		message,
		...(reason === '' ? {} : { reason }),
		...(Object.keys(details).length > 0 ? { details } : {}),
		code,
	};
}

/** Commands whose writes say what is to become of unknown fields, and from which kubectl on. */
const VALIDATES: Readonly<Record<string, number>> = { create: 24, apply: 24, replace: 24 };

export interface Telling {
	/** Where requests go: `https://0.0.0.0:6443`. */
	readonly server: string;
	/** The server nobody is told of. */
	readonly api: ApiServer;
	readonly manager: string;
	/** What the kubeconfig has of the user. */
	readonly user: { readonly [key: string]: unknown } | undefined;
}

/** What hears of requests before they are made, and the server around which answers are told of. */
export interface Teller {
	/** A request through one of the server's verbs. */
	heard(request: Request): void;
	/** What stands behind no verb: streams. */
	heardOf(action: Action): void;
	/** That what was heard of last is allowed. */
	streamed(): void;
	/** That what was heard last is refused. */
	refused(status: ApiStatus): void;
	/** A request that was made and answered by another way. */
	answered(path: string, code: number, body: unknown): void;
	around(api: ApiServer): ApiServer;
	/** Goes before the words of a refusal. */
	object(status: ApiStatus): void;
}

/** Headers of whoever speaks (transport/round_trippers.go maskValue, impersonatingRoundTripper @ v0.24.0). */
function whoHeaders({ flags }: Run, user: Telling['user']): readonly (readonly [string, string])[] {
	const token = flags.text('token') !== '' || typeof user?.token === 'string' || typeof user?.tokenFile === 'string';
	const as = flags.text('as');
	return [
		...(token ? ([['Authorization', 'Bearer <masked>']] as const) : []),
		...(as ? ([['Impersonate-User', as]] as const) : []),
		...flags.list('as-group').map((group) => ['Impersonate-Group', group] as const),
		...(flags.text('as-uid') ? ([['Impersonate-Uid', flags.text('as-uid')]] as const) : []),
	];
}

/** Query of a stream, from the command's flags and words (corev1 PodExecOptions, PodLogOptions). */
function streamQuery({ flags, args }: Run, { subresource }: Action): string {
	const query = new URLSearchParams();
	const on = (name: string, key = name): void => {
		if (flags.on(name)) query.set(key, 'true');
	};
	if (subresource === 'exec') for (const word of args.slice(1)) query.append('command', word);
	if (flags.given('container')) query.set('container', flags.text('container'));
	if (subresource === 'log') {
		on('follow');
		on('previous');
		on('timestamps');
		if (flags.given('tail')) query.set('tailLines', flags.text('tail'));
		if (flags.given('limit-bytes')) query.set('limitBytes', flags.text('limit-bytes'));
	} else if (subresource === 'exec' || subresource === 'attach') {
		if (!flags.on('tty')) query.set('stderr', 'true');
		query.set('stdout', 'true');
		on('stdin');
		on('tty');
	}
	query.sort();
	return query.toString();
}

export { loaded } from './request-log.ts';

export function tellerOf(run: Run, { server, api: plain, manager, user }: Telling): Teller {
	const log = new RequestLog(run, server);
	const headers = whoHeaders(run, user);
	const command = run.path.split(' ')[1] ?? '';
	const output = run.flags.text('output');
	const tables = command === 'get' && (output === '' || output === 'wide') && !run.flags.text('sort-by');
	const accept = tables
		? TABLE
		: UNSTRUCTURED.test(run.path) && !run.path.startsWith('kubectl create ')
			? 'application/json'
			: 'application/json, */*';
	let asked: Request | undefined;
	let body: unknown;
	let type: string | undefined;

	/** Query of a write: who writes, whether for good, what of unknown fields. */
	const writeQuery = (request: Request): string => {
		const query = new URLSearchParams(request.query);
		if (run.flags.text('dry-run') === 'server') query.set('dryRun', 'All');
		if (manager !== 'kubectl' || run.flags.given('field-manager') || type === 'application/apply-patch+yaml')
			query.set('fieldManager', manager);
		if (kubectlMinor(run.call.lab) >= (VALIDATES[command] ?? 99) && run.flags.text('validate') !== 'false')
			query.set('fieldValidation', { warn: 'Warn', ignore: 'Ignore' }[run.flags.text('validate')] ?? 'Strict');
		query.sort();
		return query.toString();
	};
	const sentOf = (request: Request): Sent => {
		const writes = ['POST', 'PUT', 'PATCH'].includes(request.method);
		return {
			method: request.method,
			path: urlOf(writes ? { ...request, query: writeQuery(request) } : request),
			accept: request.method === 'GET' ? accept : accept === TABLE ? 'application/json' : accept,
			headers,
			...(body === undefined ? {} : { body }),
			...(request.method === 'GET' ? {} : { contentType: type ?? 'application/json' }),
		};
	};
	const answered = (got: Got): void => {
		if (asked) log.exchange(sentOf(asked), { ...got, headers: flowOf(plain) });
		asked = undefined;
		body = undefined;
		type = undefined;
	};
	let stream: Action | undefined;
	const streamed = (got: Got): void => {
		if (!stream) return;
		const { verb, resource = '', namespace, name, subresource = '' } = stream;
		// Streams are asked for by websockets, and so by GET, from 1.31.
		const method = verb === 'create' && kubectlMinor(run.call.lab) < 31 ? 'POST' : 'GET';
		const query = streamQuery(run, stream);
		const path = `/api/v1/namespaces/${namespace}/${resource}/${name}/${subresource}${query && `?${query}`}`;
		stream = undefined;
		log.exchange({ method, path, accept: 'application/json, */*', headers }, { ...got, headers: flowOf(plain) });
	};
	/** A call that may be a request: what is sent is known before, what came back after. */
	const exchange = <T>(sends: unknown, call: () => T, got: (result: T) => Got | ApiStatus): T => {
		asked = undefined;
		body = sends;
		const result = call();
		const back = got(result);
		if ('reason' in back) {
			if (asked) answered({ code: back.code, body: statusValue(back) });
		} else answered(back);
		return result;
	};
	const written =
		(code: number) =>
		(result: ApiResult<ApiObject>): Got | ApiStatus => {
			if (result.error) return result.error;
			const { value } = result;
			const of = asked?.of;
			return { code, body: of && asked?.subresource === undefined ? ordered(of, value, false) : value };
		};
	return {
		heard(request) {
			asked = request;
			stream = undefined;
		},
		heardOf(action) {
			stream = action.subresource === undefined ? undefined : action;
			asked = undefined;
		},
		streamed() {
			streamed({ code: stream?.verb === 'create' ? 101 : 200 });
		},
		refused(status) {
			const got = { code: status.code, body: statusValue(status) };
			if (stream) streamed(got);
			else answered(got);
		},
		answered(path, code, answer) {
			log.exchange(
				{ method: 'GET', path, accept: 'application/json, */*', headers },
				{ code, body: answer, headers: flowOf(plain) },
			);
		},
		object(status) {
			log.refused(statusValue(status));
		},
		around: (api) => ({
			...api,
			get revision() {
				return api.revision;
			},
			get: (resource, namespace, name) =>
				exchange(
					undefined,
					() => api.get(resource, namespace, name),
					(object) => {
						if (object)
							return {
								code: 200,
								body: tables ? tableAnswer(plain, resource, [object], false) : ordered(resource, object, false),
							};
						const group = resource.group === '' ? '' : `.${resource.group}`;
						return {
							code: 404,
							reason: 'NotFound',
							message: `${resource.plural}${group} ${JSON.stringify(name)} not found`,
						};
					},
				),
			list: (resource, options) =>
				exchange(
					undefined,
					() => api.list(resource, options),
					(found) => ({
						code: 200,
						body: tables ? tableAnswer(plain, resource, found, true) : listAnswer(plain, resource, found),
					}),
				),
			create: (object, write) => exchange(object, () => api.create(object, write), written(201)),
			update: (object, write) => exchange(object, () => api.update(object, write), written(200)),
			updateStatus: (object, write) => exchange(object, () => api.updateStatus(object, write), written(200)),
			patch: (resource, namespace, name, kind, patch, write) => {
				type = kind;
				return exchange(patch, () => api.patch(resource, namespace, name, kind, patch, write), written(200));
			},
			delete: (resource, namespace, name, options) =>
				exchange(
					{
						...(options?.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
						propagationPolicy: options?.propagation ?? 'Background',
						...(options?.dryRun ? { dryRun: ['All'] } : {}),
					},
					() => api.delete(resource, namespace, name, options),
					(result) => {
						if (result.error || plain.get(resource, namespace, name)) return written(200)(result);
						const group = resource.group === '' ? {} : { group: resource.group };
						const details = { name, ...group, kind: resource.plural, uid: result.value.metadata.uid };
						return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
					},
				),
			scale: (resource, namespace, name) =>
				exchange(undefined, () => api.scale(resource, namespace, name), written(200)),
			evict: (namespace, pod, options) => {
				const metadata = { name: pod, namespace, creationTimestamp: null };
				const eviction = { kind: 'Eviction', apiVersion: 'policy/v1', metadata, deleteOptions: options ?? {} };
				return exchange(
					eviction,
					() => api.evict(namespace, pod, options),
					(result) =>
						result.error ?? {
							code: 201,
							body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
						},
				);
			},
			bind: (namespace, pod, node) => exchange(undefined, () => api.bind(namespace, pod, node), written(201)),
		}),
	};
}

const listAnswer = (api: ApiServer, resource: Resource, found: readonly ApiObject[]): unknown => ({
	kind: `${resource.kind}List`,
	apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
	metadata: { resourceVersion: String(api.revision) },
	items: found.map((object) => ordered(resource, object, true)),
});

/** By which of its flow schemas the server took a request of an administrator, where it has such objects. */
function flowOf(api: ApiServer): readonly (readonly [string, string])[] {
	const uid = (plural: string): string | undefined => {
		const resource = api.find(plural);
		return resource && api.get(resource, undefined, 'exempt')?.metadata.uid;
	};
	const schema = uid('flowschemas');
	const level = uid('prioritylevelconfigurations');
	return schema && level
		? [
				['X-Kubernetes-Pf-Flowschema-Uid', schema],
				['X-Kubernetes-Pf-Prioritylevel-Uid', level],
			]
		: [];
}
