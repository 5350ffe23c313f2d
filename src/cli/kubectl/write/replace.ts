/**
 * `kubectl replace`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go @ v0.24.0.
 */
import type { ApiStatus } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, warn } from '../kube.ts';
import { kindName } from '../print/index.ts';
import { sendRaw } from '../read/raw.ts';
import { kubectlMinor } from '../releases.ts';
import { lastApplied, withConfiguration } from './apply/last-applied.ts';
import { CASCADE, cascadeOf, deletedText, untilGone, WEEK } from './delete.ts';
import { raise, statusFault } from './faults.ts';
import { fresh } from './fresh.ts';
import { type FileInfo, fileInfos, hasFiles, serverValidates, validationOf } from './infos.ts';
import {
	DRY_RUN,
	dryRunOf,
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	SAVE_CONFIG,
	VALIDATE,
} from './output.ts';

type Propagation = ReturnType<typeof cascadeOf>;

/**
 * Why a part cannot be replaced by a whole object: kinds without it have no such address, and a Scale is no Deployment
 * (k8s.io/apiserver pkg/endpoints/handlers/rest.go transformDecodeError() @ v0.24.0).
 */
function partFault({ api }: Kube, part: string, { resource, namespace, name }: FileInfo): ApiStatus | undefined {
	const type = 'application/merge-patch+json';
	const asked =
		part === ''
			? undefined
			: api.patch(resource, namespace, name, type, {}, { dryRun: true, subresource: part as 'status' });
	if (asked?.error || part !== 'scale') return asked?.error;
	const { kind, version } = resource;
	return {
		code: 400,
		reason: 'BadRequest',
		message: `${kind} in version ${JSON.stringify(version)} cannot be handled as a Scale: converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`,
	};
}

/** Deletes what is there and waits until it is gone. */
async function removeAll(kube: Kube, infos: readonly FileInfo[], propagation: Propagation): Promise<void> {
	const { api, run } = kube;
	const given = run.flags.number('grace-period');
	const leaving = [];
	for (const { resource, namespace, name, source } of infos) {
		const before = api.get(resource, namespace, name);
		const gone = api.delete(resource, namespace, name, {
			propagation,
			// Nothing is lost by accident: it is given a second, and waited for.
			...(given >= 0 ? { gracePeriodSeconds: given || 1 } : {}),
		});
		if (gone.error) {
			if (gone.error.reason !== 'NotFound') raise([statusFault(gone.error, 'deleting', source)]);
			continue;
		}
		const short = run.flags.text('output') === 'name';
		run.call.out(`${short ? kindName(resource, name) : deletedText(kube, resource, namespace, name)}\n`);
		if (before) leaving.push({ resource, namespace, name, uid: before.metadata.uid });
	}
	if (await untilGone(kube, leaving, run.flags.duration('timeout') || WEEK))
		fail('timed out waiting for the condition');
}

async function replace(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags } = run;
	if (!hasFiles(kube)) return fail('must specify one of -f and -k');
	if (flags.text('raw')) return sendRaw(kube, 'PUT');
	const dry = dryRunOf(run);
	const force = flags.on('force');
	if (flags.given('grace-period') && flags.number('grace-period') >= 0 && !force)
		return fail('--grace-period must have --force specified');
	if (flags.duration('timeout') !== 0 && !force) return fail('--timeout must have --force specified');
	const subresource = flags.text('subresource');
	if (subresource && subresource !== 'status' && subresource !== 'scale')
		return fail(`invalid subresource value: ${JSON.stringify(subresource)}. Must be one of [status scale]`);
	const propagation = cascadeOf(run);
	// Until 1.25 it was replaced in earnest all the same.
	if (force && dry !== 'none' && kubectlMinor(run.call.lab) >= 25)
		return fail('--dry-run can not be used when --force is set');
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube);
	if (force) {
		raise(faults);
		await removeAll(kube, infos, propagation);
	}
	let count = 0;
	for (const info of infos) {
		const { object, resource, namespace, name, source } = info;
		const current = api.get(resource, namespace, name);
		const keeps = flags.on('save-config') || (current !== undefined && lastApplied(object) !== undefined);
		const input = keeps ? withConfiguration(object) : object;
		if (dry === 'client' && !force) {
			count++;
			print(resource, name, input, 'replaced');
			continue;
		}
		const options = {
			dryRun: dry === 'server' && !force,
			fieldValidation: serverValidates(kube) ? validationOf(kube) : ('Ignore' as const),
		};
		const lacks = force ? undefined : partFault(kube, subresource, info);
		const result = lacks
			? { error: lacks }
			: force
				? api.create(fresh(input), options)
				: subresource === 'status'
					? api.updateStatus(input, options)
					: api.update(input, options);
		warn(kube, result.warnings);
		if (result.error) {
			faults.push(force ? statusFault(result.error) : statusFault(result.error, 'replacing', source));
			continue;
		}
		count++;
		print(resource, name, result.value, 'replaced');
	}
	raise(faults);
	return count === 0 ? fail('no objects passed to replace') : 0;
}

export const replaceCommand: Command = {
	name: 'replace',
	use: '-f FILENAME',
	short: 'Replace a resource by file name or stdin',
	long: 'Replace a resource by file name or stdin.\n\n JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided.',
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		SAVE_CONFIG,
		VALIDATE,
		CASCADE,
		{
			// It waits in any case: what is there again may not meet what still goes.
			name: 'wait',
			type: 'bool',
			usage: 'If true, wait for resources to be gone before returning. This waits for finalizers.',
		},
		{ name: 'raw', type: 'string', usage: 'Raw URI to PUT to the server.' },
		{
			name: 'force',
			type: 'bool',
			usage: 'If true, immediately remove resources from API and bypass graceful deletion.',
		},
		{
			name: 'grace-period',
			type: 'int',
			default: '-1',
			usage: 'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative.',
		},
		{
			name: 'subresource',
			type: 'string',
			usage:
				'If specified, replace will operate on the subresource of the requested object. Must be one of [status scale].',
		},
		{
			name: 'timeout',
			type: 'duration',
			default: '0s',
			usage:
				'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
		},
	],
	run: command(replace),
};
