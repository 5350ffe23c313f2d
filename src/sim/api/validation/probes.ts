/** Probes and hooks. Source: kubernetes pkg/apis/core/validation/validation.go validateProbe(), validateHandler() @ v1.24.0, validateSleepAction() @ v1.30.0. */
import { type Draft, isRecord, number, subs, text, texts } from '../json.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../status.ts';
import type { Context } from '../strategy.ts';
import { notNegative, portNumber, portOrName } from './parts.ts';

const HEADER_TEXT =
	"a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

const handlers: Readonly<Record<string, (of: Draft, field: string, grace: number, minor: number) => FieldError[]>> = {
	exec: (of, field) => (texts(of, 'command').length === 0 ? [required(`${field}.command`)] : []),
	httpGet: (of, field) => {
		const scheme = text(of, 'scheme') ?? 'HTTP';
		return [
			...(text(of, 'path') === '' ? [required(`${field}.path`)] : []),
			...portOrName(of.port, `${field}.port`),
			...(scheme === 'HTTP' || scheme === 'HTTPS' ? [] : [notSupported(`${field}.scheme`, scheme, ['HTTP', 'HTTPS'])]),
			...subs(of, 'httpHeaders')
				.filter(({ name }) => !/^[-A-Za-z0-9]+$/.test(String(name)))
				.map(({ name }) => invalidValue(`${field}.httpHeaders`, name ?? '', HEADER_TEXT)),
		];
	},
	tcpSocket: (of, field) => portOrName(of.port, `${field}.port`),
	grpc: (of, field) => portNumber(of.port, `${field}.port`),
	sleep: (of, field, grace, minor) => {
		const seconds = number(of, 'seconds') ?? 0;
		// PodLifecycleSleepActionAllowZero, on by default from 1.33.
		const [least, words] = minor >= 33 ? [0, 'non-negative'] : [1, 'greater than 0'];
		return seconds >= least && seconds <= grace
			? []
			: [invalidValue(field, seconds, `must be ${words} and less than terminationGracePeriodSeconds (${grace})`)];
	},
};

const PROBE = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const HOOK = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

const handlerErrors = (
	of: Draft,
	field: string,
	kinds: readonly string[],
	grace: number,
	minor: number,
): FieldError[] => {
	const [first, ...more] = kinds.filter((kind) => isRecord(of[kind]));
	if (first === undefined) return [required(field, 'must specify a handler type')];
	return [
		...handlers[first]!(of[first] as Draft, `${field}.${first}`, grace, minor),
		...more.map((kind) => fieldForbidden(`${field}.${kind}`, 'may not specify more than 1 handler type')),
	];
};

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

const probe = (container: Draft, name: string, field: string, { minor }: Context): FieldError[] => {
	const of = container[name];
	if (!isRecord(of)) return [];
	const here = `${field}.${name}`;
	const errors = [...handlerErrors(of, here, PROBE, 0, minor), ...notNegative(of, here, ...COUNTS)];
	const grace = number(of, 'terminationGracePeriodSeconds');
	if (grace !== undefined && grace <= 0)
		errors.push(invalidValue(`${here}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
	const threshold = number(of, 'successThreshold') ?? 1;
	if (name === 'readinessProbe') {
		if (grace !== undefined)
			errors.push(invalidValue(`${here}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
	} else if (threshold !== 1) errors.push(invalidValue(`${here}.successThreshold`, threshold, 'must be 1'));
	return errors;
};

/** Hooks and probes of a container that may have them; `grace` is its pod's. */
export const probeErrors = (container: Draft, field: string, grace: number, context: Context): FieldError[] => {
	const errors: FieldError[] = [];
	const { lifecycle } = container;
	if (isRecord(lifecycle))
		for (const name of ['postStart', 'preStop']) {
			const hook = lifecycle[name];
			if (isRecord(hook)) errors.push(...handlerErrors(hook, `${field}.lifecycle.${name}`, HOOK, grace, context.minor));
		}
	for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'])
		errors.push(...probe(container, name, field, context));
	return errors;
};
