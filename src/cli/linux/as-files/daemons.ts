/** Daemons and languages that images have: which version they are of; none of them runs by hand. */
import { contextOf, imageFacts } from '../../../sim/lab/index.ts';
import type { Call } from '../../tool.ts';
import { imageAt } from '../images.ts';
import { releaseAt } from '../installed/versions.ts';

export type Run = (call: Call) => Promise<number>;

/** Of what belongs to the place itself: its image's tag, or undefined where the image is another's. */
function imageVersion(call: Call, of: RegExp): string | undefined {
	const facts = imageFacts(imageAt(call.place, call.lab) ?? '');
	return of.test(facts.repository) ? facts.version : undefined;
}

/** containerd's and runc's, of docker.io's packages on the workstation and of kind's image on a node. */
function containerdAt(call: Call): string | undefined {
	if (call.place.kind === 'laptop') return '1.6.8';
	if (call.place.kind !== 'node') return undefined;
	const cluster = call.lab.cluster(call.place.cluster);
	return cluster && contextOf(cluster)?.machines.get(call.place.node)?.image.containerd;
}

/** Commits of containerd's releases, and the runc that each is released with (script/setup/runc-version). */
const CONTAINERD: Readonly<Record<string, readonly [commit: string, runc: string, runcCommit: string]>> = {
	'1.6.4': ['212e8b6fa2f44b9c21b2798135fc6fb7c53efc16', '1.1.1', 'v1.1.1-0-g52de29d7'],
	'1.6.8': ['9cd3357b7fd7218e4aec3eae239db1f68a5a6ec6', '1.1.4', 'v1.1.4-0-g5fd4c4d'],
};

const only =
	(flags: readonly string[], text: (call: Call) => string | undefined): Run =>
	async (call) => {
		const said = flags.includes(call.args[0] ?? '') ? text(call) : undefined;
		if (said === undefined) {
			call.err(`${call.name}: the program is here, but the simulator does not have it\n`);
			return 1;
		}
		call.out(said);
		return 0;
	};

/** Versions of Ubuntu 22.04's packages and of Debian 11's. */
const ofRelease =
	(jammy: string, bullseye: string, text: (version: string) => string): ((call: Call) => string | undefined) =>
	(call) => {
		const release = releaseAt(call.place, call.lab);
		if (release === 'Ubuntu 22.04') return text(jammy);
		return release === 'Debian 11' ? text(bullseye) : undefined;
	};

export const DAEMONS: Readonly<Record<string, Run>> = {
	containerd: only(['--version', '-v'], (call) => {
		const version = containerdAt(call);
		if (version === undefined) return undefined;
		const commit = CONTAINERD[version]?.[0];
		return `containerd github.com/containerd/containerd v${version}${commit === undefined ? '' : ` ${commit}`}\n`;
	}),
	runc: only(['--version', '-v'], (call) => {
		const [, version, commit] = CONTAINERD[containerdAt(call) ?? ''] ?? [];
		return version && `runc version ${version}\ncommit: ${commit}\nspec: 1.0.2-dev\n`;
	}),
	'redis-server': only(['--version', '-v'], (call) => {
		const version = imageVersion(call, /(?:^|\/)redis$/);
		return version && `Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.2.1 bits=64\n`;
	}),
	httpd: only(['-v', '-V'], (call) => {
		const version = imageVersion(call, /(?:^|\/)httpd$/);
		return version && call.args[0] === '-v' ? `Server version: Apache/${version} (Unix)\n` : undefined;
	}),
	git: only(
		['--version', 'version'],
		ofRelease('2.34.1', '2.30.2', (v) => `git version ${v}\n`),
	),
	python3: only(
		['--version', '-V'],
		ofRelease('3.10.6', '3.9.2', (v) => `Python ${v}\n`),
	),
};
