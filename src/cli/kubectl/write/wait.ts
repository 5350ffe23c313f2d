/**
 * `kubectl wait`: virtual time passes until a condition holds.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/wait/wait.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube } from '../kube.ts';
import { at, findPath, has, isMap, JsonPathError, number, plain, relaxedPath, subs, text } from '../print/index.ts';
import { kubectlMinor } from '../releases.ts';
import { completeTargets, SELECTOR_FLAGS } from '../targets.ts';
import { WEEK } from './delete.ts';
import { caughtFault, raise } from './faults.ts';
import { ALL, hasFiles, infosOf, wantedOf } from './infos.ts';
import { operationPrinter, PRINT_FLAGS } from './output.ts';

/** Whether an object is as wanted; throws when it can never be. */
type Condition = (object: ApiObject) => boolean;

const sameFold = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const statusCondition =
	(name: string, status: string): Condition =>
	(object) => {
		const found = subs(object, 'status', 'conditions').find((item) => sameFold(text(item, 'type'), name));
		if (!found) return false;
		const observed = at(found, 'observedGeneration') ?? at(object, 'status', 'observedGeneration');
		if (has(object, 'metadata', 'generation') && typeof observed === 'number')
			if (observed < number(object, 'metadata', 'generation')) return false;
		return sameFold(text(found, 'status'), status);
	};

function pathCondition(condition: string, minor: number): Condition {
	const parts = condition.split('=');
	// Any value will do where none is given (matchAnyValue).
	const any = parts.length === 2 && minor >= ANY_VALUE;
	if (parts.length !== 3 && !any)
		return fail("jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3");
	const [, expression, value = ''] = parts as [string, string, string?];
	let path: string;
	try {
		path = relaxedPath(expression);
		findPath(path, {});
	} catch (fault) {
		if (fault instanceof JsonPathError) return fail(fault.message);
		throw fault;
	}
	if (expression === '') return fail('jsonpath expression cannot be empty');
	if (value === '' && !any) return fail('jsonpath wait condition cannot be empty');
	const wanted = value.replace(/^['"]+|['"]+$/g, '').trim();
	return (object) => {
		let found: readonly unknown[];
		try {
			found = findPath(path, object);
		} catch (fault) {
			if (fault instanceof JsonPathError) return fail(fault.message);
			throw fault;
		}
		// Missing keys were an error of their own while AllowMissingKeys was off.
		if (found.length === 0 && minor >= MISSING_KEYS) return false;
		if (any) return true;
		if (found.length === 0) return fail(missingKey(path, object));
		if (found.length > 1) return fail('given jsonpath expression matches more than one value');
		const [value] = found;
		if (isMap(value) || Array.isArray(value))
			return fail('jsonpath leads to a nested object or list which is not supported');
		return plain(value).trim() === wanted;
	};
}

/** `readyReplicas is not found`: the first key of a path that an object does not have. */
function missingKey(path: string, object: unknown): string {
	const keys = path.replace(/^\{\.?|\}$/g, '').split('.');
	let here: unknown = object;
	for (const key of keys) {
		const name = key.replace(/\[.*$/, '');
		if (!isMap(here) || !Object.hasOwn(here, name)) return `${name} is not found`;
		here = here[name];
		if (key !== name) break;
	}
	return 'given jsonpath expression does not match any value';
}

/** The minors of kubectl in which `--for=create` came, a path alone, and waiting for what is not there yet. */
const CREATE = 31;
const ANY_VALUE = 28;
const MISSING_KEYS = 26;

function conditionOf(condition: string, minor: number): Condition | 'delete' | 'create' {
	if (condition.toLowerCase() === 'delete') return 'delete';
	if (condition.toLowerCase() === 'create' && minor >= CREATE) return 'create';
	if (condition.startsWith('condition=')) {
		const text = condition.slice('condition='.length);
		const equals = text.indexOf('=');
		return equals < 0 ? statusCondition(text, 'true') : statusCondition(text.slice(0, equals), text.slice(equals + 1));
	}
	if (condition.startsWith('jsonpath=')) return pathCondition(condition, minor);
	return fail(`unrecognized condition: ${JSON.stringify(condition)}`);
}

/** Looks until all that was named is there (RunWait @ v0.31.0). */
async function untilThere(kube: Kube): Promise<void> {
	const { flags, call } = kube.run;
	const { targets } = await wantedOf(kube, { verb: 'wait', bareKind: flags.on('all') });
	const there = (): boolean =>
		targets.every(
			({ resource, namespace, name }) => name === undefined || kube.api.get(resource, namespace, name) !== undefined,
		);
	if (!there() && !(await call.until(there, flags.duration('timeout')))) fail('timed out waiting for the condition');
}

async function wait(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags, call } = run;
	const print = await operationPrinter(kube);
	const asked = conditionOf(flags.text('for'), kubectlMinor(call.lab));
	if (asked === 'create') await untilThere(kube);
	// What is there has been created.
	const condition = asked === 'create' ? () => true : asked;
	if (flags.on('local') && !hasFiles(kube)) return fail('--local requires --filename');
	const { infos, faults: found } = await infosOf(kube, { verb: 'wait', bareKind: flags.on('all') });
	const isDelete = condition === 'delete';
	const faults = isDelete ? found.filter((fault) => !fault.notFound) : [...found];
	const given = flags.duration('timeout');
	const timeout = given < 0 ? WEEK : given;
	for (const { resource, namespace, name, object } of infos) {
		const now = (): ApiObject | undefined => api.get(resource, namespace, name);
		let last: ApiObject = object;
		const done = (): boolean => {
			const current = now();
			if (condition === 'delete') return current === undefined || current.metadata.uid !== object.metadata.uid;
			if (current === undefined) return false;
			last = current;
			return condition(current);
		};
		// A condition that throws ends the wait for its object, but not in the middle of the lab's own steps.
		let thrown: unknown;
		const safe = (): boolean => {
			try {
				return done();
			} catch (fault) {
				thrown = fault;
				return true;
			}
		};
		try {
			const held = safe() || (timeout > 0 && (await call.until(safe, timeout)));
			if (thrown !== undefined) throw thrown;
			if (!held) return fail(`timed out waiting for the condition on ${resource.plural}/${name}`);
			print(resource, name, last, 'condition met');
		} catch (fault) {
			faults.push(caughtFault(fault));
		}
	}
	raise(faults);
	return infos.length === 0 && !isDelete ? fail('no matching resources found') : 0;
}

export const waitCommand: Command = {
	name: 'wait',
	use: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=delete|--for condition=available|--for=jsonpath='{}'=value]",
	short: 'Experimental: Wait for a specific condition on one or many resources',
	example: `  # Wait for the pod "busybox1" to contain the status condition of type "Ready"
  kubectl wait --for=condition=Ready pod/busybox1

  # Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the "delete" command
  kubectl delete pod/busybox1
  kubectl wait --for=delete pod/busybox1 --timeout=60s`,
	flags: [
		...FILE_FLAGS,
		...SELECTOR_FLAGS,
		...PRINT_FLAGS,
		ALL,
		{
			name: 'local',
			type: 'bool',
			usage: 'If true, annotation will NOT contact api-server but run locally.',
		},
		{
			name: 'for',
			type: 'string',
			usage:
				"The condition to wait on: [delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=JSONPath Condition]. The default condition-value is true.  Condition values are compared after Unicode simple case folding, which is a more general form of case-insensitivity.",
		},
		{
			name: 'timeout',
			type: 'duration',
			default: '30s',
			usage:
				"The length of time to wait before giving up.  Zero means check once and don't wait, negative means wait for a week.",
		},
	],
	run: command(wait),
	complete: completeTargets,
};
