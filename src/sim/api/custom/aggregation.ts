/**
 * APIServices that stand for a server of somebody's own: what is wrong with one, whether it can be had, and the groups
 * that cannot be discovered because it cannot.
 *
 * Source: kubernetes staging/src/k8s.io/kube-aggregator pkg/controllers/status/available_controller.go,
 * pkg/apis/apiregistration/validation/validation.go, client-go discovery/discovery_client.go @ v0.24.0.
 */
import { type Draft, isRecord, number, sub, subs, text } from '../json.ts';
import type { ApiObject, ApiServer } from '../object.ts';
import { type FieldError, invalidValue, required } from '../status.ts';
import type { CalledOut, CallOut } from '../webhooks/call.ts';

/** Why it is refused. */
export function apiServiceErrors(object: Draft): readonly FieldError[] {
	const spec = sub(object, 'spec');
	const name = text(object, 'metadata', 'name') ?? '';
	const wanted = `${text(spec, 'version') ?? ''}.${text(spec, 'group') ?? ''}`;
	const errors: FieldError[] = [];
	if (name !== wanted)
		errors.push(
			invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`),
		);
	for (const [key, most] of [
		['groupPriorityMinimum', 20_000],
		['versionPriority', 1000],
	] as const) {
		const value = number(spec, key) ?? 0;
		if (value <= 0 || value > most)
			errors.push(invalidValue(`spec.${key}`, value, `must be positive and less than ${most}`));
	}
	const bundle = text(spec, 'caBundle') ?? '';
	if (!isRecord(spec.service)) {
		if (bundle !== '')
			errors.push(invalidValue('spec.caBundle', `${bundle.length} bytes`, 'local APIServices may not have a caBundle'));
		if (spec.insecureSkipTLSVerify === true)
			errors.push(
				invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
			);
		return errors;
	}
	for (const key of ['namespace', 'name'])
		if (!text(spec.service, key)) errors.push(required(`spec.service.${key}`, ''));
	if (spec.insecureSkipTLSVerify === true && bundle !== '')
		errors.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
	return errors;
}

/** Its condition: reason and message, True where the reason is `Passed`. */
interface Found {
	readonly reason: string;
	readonly message: string;
}

/** Whether somebody answers for it. `call` connects from the API server; what it answers comes at once. */
export function availability(api: ApiServer, object: ApiObject, call: (out: CallOut) => CalledOut | undefined): Found {
	const service = sub(object, 'spec', 'service');
	const [namespace, name] = [text(service, 'namespace') ?? '', text(service, 'name') ?? ''];
	const port = number(service, 'port') ?? 443;
	const of = `service/${name} in ${JSON.stringify(namespace)}`;
	const found = api.get(api.find('services')!, namespace, name);
	if (!found) return { reason: 'ServiceNotFound', message: `${of} is not present` };
	if (text(found, 'spec', 'type') === 'ClusterIP') {
		const open = subs(found, 'spec', 'ports').find((one) => one.port === port);
		if (!open) return { reason: 'ServicePortError', message: `${of} is not listening on port ${port}` };
		const endpoints = api.get(api.find('endpoints')!, namespace, name);
		if (!endpoints) return { reason: 'EndpointsNotFound', message: `cannot find endpoints for ${of}` };
		const portName = text(open, 'name') ?? '';
		const active = subs(endpoints, 'subsets').some(
			(subset) =>
				subs(subset, 'addresses').length > 0 &&
				subs(subset, 'ports').some((one) => (text(one, 'name') ?? '') === portName),
		);
		if (!active)
			return {
				reason: 'MissingEndpoints',
				message: `endpoints for ${of} have no addresses with port name ${JSON.stringify(portName)}`,
			};
	}
	const host = text(found, 'spec', 'clusterIP') ?? '';
	const path = `/apis/${text(object, 'spec', 'group') ?? ''}/${text(object, 'spec', 'version') ?? ''}`;
	const url = `https://${host}:${port}${path}`;
	const failed = (why: string): Found => ({
		reason: 'FailedDiscoveryCheck',
		message: `failing or missing response from ${url}: ${why}`,
	});
	const head = [
		`GET ${path} HTTP/1.1`,
		`Host: ${host}:${port}`,
		'User-Agent: Go-http-client/1.1',
		'Accept-Encoding: gzip',
	];
	const got = call({ host, port, text: `${head.join('\r\n')}\r\n\r\n`, timeout: 5e6 }) ?? {
		error: `dial tcp ${host}:${port}: connect: connection refused`,
	};
	const asked = (why: string): Found => failed(`Get ${JSON.stringify(url)}: ${why}`);
	if ('error' in got)
		return asked(
			got.error === 'context deadline exceeded'
				? `${got.error} (Client.Timeout exceeded while awaiting headers)`
				: got.error,
		);
	if (got.text === '') return asked('EOF');
	const [first = ''] = got.text.split('\r\n');
	const code = Number(/^HTTP\/\d\.\d (\d{3})/.exec(first)?.[1] ?? 0);
	if (code === 0)
		return asked(`net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(first)}`);
	if (code < 200 || code >= 300) return failed(`bad status from ${url}: ${code}`);
	return { reason: 'Passed', message: 'all checks passed' };
}

/** The object with that condition; as it is where it says so already. */
export function withAvailability(api: ApiServer, object: ApiObject, { reason, message }: Found): ApiObject {
	const status = reason === 'Passed' ? 'True' : 'False';
	const old = subs(object, 'status', 'conditions').find(({ type }) => type === 'Available');
	if (old?.status === status && old.reason === reason && old.message === message) return object;
	const lastTransitionTime = old?.status === status ? old.lastTransitionTime : api.timestamp();
	const condition = { lastTransitionTime, message, reason, status, type: 'Available' };
	return { ...object, status: { ...object.status, conditions: [condition] as never } };
}

/** A group and version of somebody's own server. */
export interface Aggregated {
	readonly group: string;
	readonly version: string;
	/** Undefined while nobody has looked. */
	readonly available: boolean | undefined;
}

/** What APIServices stand for that the server itself does not serve. */
export const aggregated = (api: ApiServer): readonly Aggregated[] =>
	api.list(api.find('apiservices')!).flatMap((object) => {
		if (!isRecord(object.spec?.service)) return [];
		const [group, version] = [text(object, 'spec', 'group') ?? '', text(object, 'spec', 'version') ?? ''];
		const own = api
			.resources()
			.some((item) => item.group === group && (item.served ?? [item.version]).includes(version));
		if (own) return [];
		const condition = subs(object, 'status', 'conditions').find(({ type }) => type === 'Available');
		return [{ group, version, available: condition && condition.status === 'True' }];
	});

/** What a status of 503 without text becomes in client-go. */
export const UNAVAILABLE = 'the server is currently unable to handle the request';

/**
 * Which groups cannot be discovered, in the words of ErrGroupDiscoveryFailed; undefined when all can. From 1.27 on all
 * groups come in one document, where such a group is stale (AggregatedDiscoveryEndpoint): what controllers say.
 */
export function undiscovered(
	api: ApiServer,
	minor: number,
): { readonly count: number; readonly words: string } | undefined {
	const failing = aggregated(api)
		.filter(({ available }) => available !== true)
		.map(({ group, version }) => `${group}/${version}`);
	if (failing.length === 0) return undefined;
	const why = (name: string): string => (minor >= 27 ? `stale GroupVersion discovery: ${name}` : UNAVAILABLE);
	const words = failing.map((name) => `${name}: ${why(name)}`).join(', ');
	return { count: failing.length, words: `unable to retrieve the complete list of server APIs: ${words}` };
}
