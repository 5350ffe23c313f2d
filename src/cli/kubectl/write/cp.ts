/**
 * `kubectl cp`: files into and out of containers.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/cp/{cp,filespec}.go @ v0.24.0. Upstream runs tar in the
 * container; what tar says on the way out is said here too.
 */
import type { Command } from '../../cobra/index.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { completePods } from './complete.ts';
import { CONTAINER } from './exec.ts';
import { defaultContainer, placeOf, podOf } from './pods.ts';

interface Spec {
	readonly pod?: string;
	readonly namespace?: string;
	readonly file: string;
}

function specOf(text: string): Spec {
	const colon = text.indexOf(':');
	if (colon === 0) return fail('filespec must match the canonical format: [[namespace/]pod:]file/path');
	if (colon < 0) return { file: text };
	const [pod, file] = [text.slice(0, colon), text.slice(colon + 1)];
	const parts = pod.split('/');
	if (parts.length === 1) return { pod, file };
	if (parts.length === 2) return { pod: parts[1]!, namespace: parts[0]!, file };
	return fail('filespec must match the canonical format: [[namespace/]pod:]file/path');
}

const lastOf = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';

async function cp(kube: Kube): Promise<number> {
	const { args, call, flags } = kube.run;
	if (args.length < 2) return fail('source and destination are required');
	const source = specOf(args[0]!);
	const target = specOf(args[1]!);
	if (source.pod !== undefined && target.pod !== undefined)
		return fail('one of src or dest must be a local file specification');
	if (source.file === '' || target.file === '') return fail('filepath can not be empty');
	const remote = source.pod === undefined ? target : source;
	if (remote.pod === undefined) return fail('one of src or dest must be a remote file specification');
	if (source.pod === undefined && (await call.files.list(source.file)) === undefined)
		if ((await call.files.readBytes(source.file)) === undefined)
			return fail(`${source.file} doesn't exist in local filesystem`);
	const there = { ...kube, namespace: remote.namespace || kube.namespace };
	const pod = await podOf(there, remote.pod, 60e6);
	const container = flags.text('container') || defaultContainer(there, pod, false);
	const place = placeOf(there, pod, container);
	const files = call.filesAt(place);
	const { copyTree } = await import('../../copy-tree.ts');
	const { wordsAt } = await import('../../linux/installed/busybox-words.ts');
	const busybox = wordsAt(place, call.lab);
	const say = (text: string): void => call.err(busybox?.('tar', text) ?? text);
	const ended = (code: number): never => {
		throw new KubectlError(`command terminated with exit code ${code}`, code);
	};
	const goal = target.file.replace(/(.)\/+$/, '$1');
	if (source.pod === undefined) {
		// A folder that is there takes what is copied under its own name.
		const inside = (await files.list(goal)) === undefined ? goal : `${goal.replace(/\/$/, '')}/${lastOf(source.file)}`;
		const above = inside.replace(/\/?[^/]*$/, '');
		if (above !== '' && (await files.list(above)) === undefined) {
			const why = 'No such file or directory';
			if (busybox) call.err(`tar: can't change directory to '${above}': ${why}\n`);
			else call.err(`tar: ${above}: Cannot open: ${why}\ntar: Error is not recoverable: exiting now\n`);
			return ended(busybox ? 1 : 2);
		}
		await copyTree(call.files, source.file, files, inside, { modes: true });
		return 0;
	}
	const path = source.file;
	if (path.startsWith('/')) say("tar: Removing leading `/' from member names\n");
	const isFile = (await files.list(path)) === undefined && (await files.readBytes(path)) !== undefined;
	if (isFile && (await call.files.list(goal)) !== undefined) return fail(`open ${goal}: is a directory`);
	let told = false;
	const skipped = (at: string, to: string): void => {
		// The namespace as it was written, which is nothing for most.
		const words = [remote.namespace ?? '', remote.pod, path].map((word) => JSON.stringify(word));
		const instead = `kubectl exec -n ${words[0]} ${words[1]} -- tar cf - ${words[2]} | tar xf -`;
		const hint = told ? '' : ` (consider using "${instead}")`;
		told = true;
		call.err(`warning: skipping symlink: ${JSON.stringify(at)} -> ${JSON.stringify(to)}${hint}\n`);
	};
	if (await copyTree(files, path, call.files, goal, { modes: false, skipped })) return 0;
	say(
		`tar: ${path}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`,
	);
	return ended(busybox ? 1 : 2);
}

export const cpCommand: Command = {
	name: 'cp',
	use: '<file-spec-src> <file-spec-dest>',
	short: 'Copy files and directories to and from containers',
	long: 'Copy files and directories to and from containers.',
	example: `  # Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
  kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar

  # Copy /tmp/foo from a remote pod to /tmp/bar locally
  kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
	flags: [
		CONTAINER,
		{
			name: 'no-preserve',
			type: 'bool',
			usage: "The copied file/directory's ownership and permissions will not be preserved in the container",
		},
		{
			name: 'retries',
			type: 'int',
			default: '0',
			usage: 'Set number of retries to complete a copy operation from a container.',
		},
	],
	run: command(cp),
	complete: completePods,
};
