/**
 * `kubectl diff`: what `apply` would change, by a dry run on the server.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go @ v0.24.0, which runs `diff -u -N` on two folders.
 */
import {
	type ApiObject,
	createThreeWayMergePatch,
	createThreeWayPatch,
	draftOf,
	type Json,
} from '../../../sim/api/index.ts';
import { serverSideApply } from '../../../sim/api/managed/index.ts';
import type { Command } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, managerOf } from '../kube.ts';
import { isMap, sortedKeys } from '../print/index.ts';
import { SELECTOR_FLAGS } from '../targets.ts';
import { lastAppliedObject, withoutConfiguration } from './apply/last-applied.ts';
import { type Fault, raise, statusFault } from './faults.ts';
import { fresh } from './fresh.ts';
import { type FileInfo, fileInfos, noArguments } from './infos.ts';
import { FIELD_MANAGER } from './output.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Values of a Secret, told apart and not told. */
function masked(from: ApiObject | undefined, to: ApiObject): readonly [ApiObject | undefined, ApiObject] {
	const before = isMap(from?.data) ? from.data : {};
	const after = isMap(to.data) ? to.data : {};
	const text = (key: string, side: 'before' | 'after'): string =>
		key in before && key in after && before[key] !== after[key] ? `*** (${side})` : '***';
	const mask = (data: unknown, side: 'before' | 'after') =>
		Object.fromEntries(sortedKeys(data).map((key) => [key, text(key, side)]));
	return [from && { ...from, data: mask(before, 'before') }, { ...to, data: mask(after, 'after') }];
}

/** The object as it would be. */
function merged(kube: Kube, info: FileInfo, current: ApiObject | undefined): ApiObject | Fault {
	const { resource, namespace, name, source } = info;
	if (kube.run.flags.on('server-side')) {
		const force = kube.run.flags.on('force-conflicts');
		const options = { manager: managerOf(kube.run), force, dryRun: true, fieldValidation: 'Ignore' } as const;
		const applied = serverSideApply(kube.api, info.object, options);
		return applied.error ? statusFault(applied.error) : applied.value;
	}
	if (!current) {
		const made = kube.api.create(fresh(info.object), { dryRun: true });
		return made.error ? statusFault(made.error, 'creating', source) : made.value;
	}
	// What apply would write of its own into the annotations is no difference (GetModifiedConfiguration without it).
	const modified = { ...withoutConfiguration(info.object) } as Record<string, unknown>;
	const now = draftOf(current);
	const original = lastAppliedObject(current);
	const change = resource.custom
		? createThreeWayMergePatch(original, modified, now)
		: createThreeWayPatch(resource, original, modified, now);
	delete change.apiVersion;
	delete change.kind;
	const type = resource.custom ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
	const patched = kube.api.patch(resource, namespace, name, type, change as Json, { dryRun: true });
	return patched.error ? statusFault(patched.error, 'applying patch to', source) : patched.value;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `2022-08-31 10:06:55.123456789 +0000`, as diff dates its files. */
function stamp(micros: number): string {
	const d = new Date(Math.floor(micros / 1000));
	const fraction = `${String(Math.floor(micros % 1e6)).padStart(6, '0')}000`;
	return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}.${fraction} +0000`;
}

/** Of a failure the code is told apart from that of a difference (pkg/cmd/util/helpers.go CheckDiffErr()). */
async function diff(kube: Kube): Promise<number> {
	try {
		return await differences(kube);
	} catch (fault) {
		throw fault instanceof KubectlError ? new KubectlError(fault.message, fault.code + 1, fault.status) : fault;
	}
}

async function differences(kube: Kube): Promise<number> {
	const { call, flags } = kube.run;
	noArguments(kube);
	if (flags.on('prune')) return fail('--prune is not part of this lab');
	if (flags.on('force-conflicts') && !flags.on('server-side'))
		return fail('--force-conflicts only works with --server-side');
	if (flags.on('show-managed-fields'))
		return fail(
			'--show-managed-fields is not part of this lab: who would own a field is only known once it is written',
		);
	if (call.env.get('KUBECTL_EXTERNAL_DIFF'))
		return fail('KUBECTL_EXTERNAL_DIFF is not part of this lab: differences are shown as diff -u does');
	const { infos, faults } = await fileInfos(kube, false);
	raise(faults);
	const number = (what: string): number => call.lab.random('kubectl', `diff ${what} ${call.lab.now}`, 4_000_000_000);
	const folders = [`/tmp/LIVE-${number('live')}`, `/tmp/MERGED-${number('merged')}`] as const;
	const files = infos.map((info) => {
		const { resource, namespace, name } = info;
		const current = kube.api.get(resource, namespace, name);
		const next = merged(kube, info, current);
		if ('among' in next) return raise([next as Fault]) as never;
		const secret = resource.kind === 'Secret' && resource.group === '';
		const [from, to] = secret ? masked(current, next as ApiObject) : [current, next];
		const file = `${resource.group === '' ? '' : `${resource.group}.`}${resource.version}.${resource.kind}.${namespace ?? ''}.${name}`;
		return { file, from: from ? printYaml(from) : '', to: printYaml(to) };
	});
	let out = '';
	const now = stamp(call.lab.epoch * 1e6 + call.lab.now);
	for (const { file, from, to } of files.sort((a, b) => (a.file < b.file ? -1 : 1))) {
		const hunks = unifiedDiff(from, to);
		if (hunks === '') continue;
		const [before, after] = [`${folders[0]}/${file}`, `${folders[1]}/${file}`];
		// A file that is not there has the time zero.
		out += `diff -u -N ${before} ${after}\n--- ${before}\t${from === '' ? stamp(0) : now}\n+++ ${after}\t${now}\n${hunks}`;
	}
	call.out(out);
	return out === '' ? 0 : 1;
}

export const diffCommand: Command = {
	name: 'diff',
	use: '-f FILENAME',
	short: 'Diff the live version against a would-be applied version',
	long: 'Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.\n\n The output is always YAML.\n\n Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.',
	flags: [
		...FILE_FLAGS,
		SELECTOR_FLAGS[0]!,
		FIELD_MANAGER,
		{
			name: 'show-managed-fields',
			type: 'bool',
			usage: 'If true, include managed fields in the diff.',
		},
		{
			name: 'force-conflicts',
			type: 'bool',
			usage: 'If true, server-side apply will force the changes against conflicts.',
		},
		{ name: 'prune', type: 'bool', usage: 'Include resources that would be deleted by pruning.' },
		{ name: 'server-side', type: 'bool', usage: 'If true, apply runs in the server instead of the client.' },
	],
	run: command(diff),
};
