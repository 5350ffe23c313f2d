/**
 * `kubectl patch`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go @ v0.24.0.
 */
import { type ApiStatus, applyPatch, type Json, type PatchType } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { goJsonFault, loadExpressionsOf, readManifests } from '../../kube/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, warn } from '../kube.ts';
import { kubectlMinor } from '../releases.ts';
import { completeTargets } from '../targets.ts';
import { statusFault } from './faults.ts';
import { eachInfo } from './infos.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD } from './output.ts';

const TYPES: Readonly<Record<string, PatchType>> = {
	json: 'application/json-patch+json',
	merge: 'application/merge-patch+json',
	strategic: 'application/strategic-merge-patch+json',
};

/**
 * JSON or YAML as JSON. What begins like an object of JSON is sent as it is, whatever comes of it
 * (k8s.io/apimachinery pkg/util/yaml ToJSON() @ v0.24.0): `unread` says what is wrong with it then. `given`: `--patch`,
 * which the message of bad YAML quotes whatever the text came from.
 */
function parsePatch(text: string, given: string): { readonly value: Json } | { readonly unread: string } {
	try {
		return { value: JSON.parse(text) as Json };
	} catch {
		if (/^\s*\{/.test(text)) {
			const { words = '' } = goJsonFault(text) ?? { words: 'invalid character after top-level value' };
			return { unread: words === 'unexpected EOF' ? 'unexpected end of JSON input' : words };
		}
		// A list is no manifest; put under a key it is one.
		const wrapped = readManifests(/^\s*[[-]/.test(text) ? `value:\n${text.replace(/^/gm, '  ')}` : text, 'yaml');
		if ('error' in wrapped) {
			if (wrapped.before?.length) return { value: wrapped.before[0]!.value as Json };
			const kind = /cannot unmarshal (\w+) into/.exec(wrapped.error)?.[1];
			// A word alone is YAML all the same.
			if (kind !== undefined) return { value: kind === 'string' ? text.trim() : 0 };
			return fail(`unable to parse ${JSON.stringify(given)}: yaml: ${wrapped.error.replace(/^.*?yaml: /, '')}`);
		}
		const value = wrapped[0]?.value ?? null;
		return { value: (/^\s*[[-]/.test(text) ? (value as { readonly value: Json }).value : value) as Json };
	}
}

/** What is said of a patch that is no JSON: by kubectl where it applies it, else by the server (endpoints/handlers/patch.go). */
function unreadWords(words: string, type: PatchType, own: boolean): string {
	if (type === TYPES.json)
		return own ? `error: ${words}` : `Error from server (BadRequest): error decoding patch: ${words}`;
	if (own) return `error: ${type === TYPES.merge ? 'Invalid JSON Patch' : 'invalid JSON document'}`;
	return `Error from server (BadRequest): ${type === TYPES.merge ? 'error decoding patch: ' : ''}${words}`;
}

/** What kubectl says itself of a patch that it applies itself (patch.go getPatchedJSON()). */
function ownWords({ message, causes }: ApiStatus): string {
	const text = causes?.[0]?.message ?? message.replace(/^error decoding patch: /, '');
	const missing = text.indexOf('doc is missing key: ');
	return missing < 0
		? text
		: `Object to be patched is missing field (${text.slice(missing + 'doc is missing key: '.length)})`;
}

async function patch(kube: Kube): Promise<number> {
	const { flags, call } = kube.run;
	const dry = dryRunOf(kube.run);
	const given = flags.text('patch');
	const file = flags.text('patch-file');
	const type = TYPES[flags.text('type').toLowerCase()];
	const subresource = flags.text('subresource');
	if (given && file) return fail('cannot specify --patch and --patch-file together');
	if (!given && !file) return fail('must specify --patch or --patch-file containing the contents of the patch');
	const local = flags.on('local');
	if (local && dry === 'server')
		return fail('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
	if (!type) return fail(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.text('type'))}`);
	// The server is asked for any from 1.32 on (AddSubresourceFlags() @ v0.32.0); of pods it has this one.
	if (subresource === 'resize' && kubectlMinor(call.lab) >= 32) return fail('the simulator resizes no pods in place');
	if (subresource && subresource !== 'status' && subresource !== 'scale')
		return fail(`invalid subresource value: ${JSON.stringify(subresource)}. Must be one of [status scale]`);
	// Whether it was a dry run is lost on the way to the printer (PatchOptions.Complete() @ v0.24.0 to v0.33.0).
	const print = await operationPrinter(kube, dry, { untold: true });
	let text = given;
	if (file) {
		const read = await call.files.read(file);
		if (read === undefined) return fail(`unable to read patch file: open ${file}: no such file or directory`);
		text = read;
	}
	await loadExpressionsOf(text);
	const read = parsePatch(text, given);
	const count = await eachInfo(kube, { verb: 'patch' }, ({ resource, namespace, name, object }) => {
		if ('unread' in read) throw new KubectlError(unreadWords(read.unread, type, local || dry === 'client'));
		if (
			(local || dry === 'client') &&
			type !== TYPES.json &&
			read.value !== null &&
			(typeof read.value !== 'object' || Array.isArray(read.value))
		)
			throw new KubectlError(unreadWords('', type, true));
		const change = read.value ?? (type === TYPES.strategic ? {} : read.value);
		const result =
			local || dry === 'client'
				? applyPatch(object, type, change, resource)
				: kube.api.patch(resource, namespace, name, type, change, {
						dryRun: dry === 'server',
						...(subresource ? { subresource: subresource as 'status' | 'scale' } : {}),
					});
		warn(kube, result.warnings);
		if (result.error && (local || dry === 'client')) return fail(ownWords(result.error));
		if (result.error) {
			const told = statusFault(result.error).alone;
			// Until 1.26 kubectl kept the server's words to itself where there were no details.
			throw new KubectlError(
				kubectlMinor(call.lab) < 26 ? told.replace(/^(The request is invalid): the server.*$/, '$1') : told,
			);
		}
		const before = subresource === 'scale' ? JSON.stringify(object.spec?.replicas) : JSON.stringify(object);
		const spec = (result.value.spec ?? {}) as { readonly replicas?: Json };
		const after = subresource === 'scale' ? JSON.stringify(spec.replicas) : JSON.stringify(result.value);
		print(resource, name, result.value, before === after ? 'patched (no change)' : 'patched');
	});
	return count === 0 ? fail('no objects passed to patch') : 0;
}

export const patchCommand: Command = {
	name: 'patch',
	use: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
	short: 'Update fields of a resource',
	long: 'Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.\n\n JSON and YAML formats are accepted.',
	example: `  # Partially update a node using a strategic merge patch, specifying the patch as JSON
  kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

  # Update a container's image using a JSON patch with positional arrays
  kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'`,
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		{ name: 'patch', short: 'p', type: 'string', usage: 'The patch to be applied to the resource JSON file.' },
		{ name: 'patch-file', type: 'string', usage: 'A file containing a patch to be applied to the resource.' },
		{
			name: 'type',
			type: 'string',
			default: 'strategic',
			usage: 'The type of patch being provided; one of [json merge strategic]',
		},
		{
			name: 'local',
			type: 'bool',
			usage: 'If true, patch will operate on the content of the file, not the server-side resource.',
		},
		{
			name: 'subresource',
			type: 'string',
			usage:
				'If specified, patch will operate on the subresource of the requested object. Must be one of [status scale]. This flag is alpha and may change in the future.',
		},
	],
	run: command(patch),
	complete: completeTargets,
};
