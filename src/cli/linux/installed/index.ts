/**
 * Programs that are in a place, whether the simulator has them or not: by the packages of its image. So `ls /usr/bin`,
 * `command -v`, completion and running agree; what is there and not simulated says so, and what is not there is not found.
 */
import { contextOf, imageFacts, imageRelease, type Lab, programOf } from '../../../sim/lab/index.ts';
import { hashText } from '../../../sim/linux/index.ts';
import type { ProgramFile } from '../../shell/index.ts';
import type { Place } from '../../tool.ts';
import { imageAt, installedAt, packagesAt } from '../images.ts';
import { applets } from './busybox.ts';
import { DEBIAN } from './debian.ts';
import { ALPINE, IN_IMAGES, LAPTOP, NODE, OF_BASE } from './places.ts';

type Files = Map<string, ProgramFile>;

const FOLDERS: Readonly<Record<string, string>> = {
	b: '/bin',
	B: '/usr/bin',
	s: '/sbin',
	S: '/usr/sbin',
	L: '/usr/local/bin',
	l: '/usr/local/sbin',
	A: '/usr/local/apache2/bin',
	C: '/opt/cni/bin',
	G: '/usr/local/go/bin',
	P: '/usr/lib/postgresql/14/bin',
};

/** Of one whose size nobody wrote down: some tens of kilobytes, the same for the same name. */
const sizeOf = (name: string): number => 14_312 + (hashText(19, name) % 1400) * 64;

/** Puts the files of one packed line. */
function unpack(packed: string, files: Files, merged: boolean): void {
	for (const part of packed.split('|')) {
		const [letter = '', ...names] = part.split(' ');
		const folder = FOLDERS[letter]!;
		const at = merged && /^\/s?bin$/.test(folder) ? `/usr${folder}` : folder;
		for (const entry of names) {
			const [, name = '', mark, rest = ''] = /^([^:>]+)([:>])?(.*)$/.exec(entry) ?? [];
			const [size, mode] = rest.split('.');
			files.set(
				`${at}/${name}`,
				mark === '>'
					? { link: rest }
					: {
							size: mark === ':' ? Number.parseInt(size!, 36) : sizeOf(name),
							...(mark === ':' && mode !== undefined ? { mode: Number.parseInt(mode, 8) } : {}),
						},
			);
		}
	}
}

function withPackages(names: readonly string[], merged: boolean, files: Files = new Map()): Files {
	for (const name of names) unpack(DEBIAN[name] ?? '', files, merged);
	if (merged) for (const folder of ['bin', 'sbin', 'lib', 'lib64']) files.set(`/${folder}`, { link: `usr/${folder}` });
	return files;
}

/** Of busybox's image all are one file in one folder; Alpine's are links to it. */
function withApplets(alpine: boolean): Files {
	const all = applets(alpine);
	const files: Files = new Map();
	const size = alpine ? 837_272 : 1_149_184;
	for (const [name, folder] of all)
		files.set(
			alpine ? `/${folder}/${name}` : `/bin/${name}`,
			alpine ? { link: '/bin/busybox' } : { size, links: all.length + 1 },
		);
	files.set('/bin/busybox', { size, ...(alpine ? {} : { links: all.length + 1 }) });
	return files;
}

const known = new Map<string, Files>();

function once(key: string, make: () => Files): Files {
	let files = known.get(key);
	if (!files) {
		files = make();
		known.set(key, files);
	}
	return files;
}

const lastPart = (image: string): string => image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');

/** Of an image that has nothing else. */
function onlyProgram(image: string): Files {
	const [path = ''] = programOf({ image }).entrypoint ?? [];
	return new Map(path.startsWith('/') ? [[path, { size: 6_291_456 }]] : []);
}

/** What an image brings along; undefined of one that nobody described. */
function ofImage(image: string): Files | undefined {
	const { system, alone } = imageFacts(image);
	if (alone) return onlyProgram(image);
	const name = lastPart(image);
	const own = Object.hasOwn(IN_IMAGES, name) ? IN_IMAGES[name]! : undefined;
	if (system === 'none') return undefined;
	const alpine = system === 'alpine';
	const release = Number(imageRelease(image));
	const merged = system === 'ubuntu' || release >= 12;
	const files =
		system === 'busybox' || alpine
			? withApplets(alpine)
			: withPackages([...OF_BASE, ...(system === 'ubuntu' ? ['procps'] : []), ...(own?.packages ?? [])], merged);
	if (alpine) unpack(ALPINE, files, false);
	if (own?.files) unpack(own.files, files, merged);
	// cilium-dbg/Makefile @ v1.15.0: the agent's tool has another name, and the old one is a link.
	if (name === 'cilium') {
		if (Number(/:v1\.(\d+)/.exec(image)?.[1] ?? 15) < 15) files.delete('/usr/bin/cilium-dbg');
		else files.set('/usr/bin/cilium', { link: 'cilium-dbg' });
	}
	return files;
}

/** Names of the lab's packages as Debian's, where a metapackage stands for others. */
const inDebian = (names: readonly string[]): readonly string[] =>
	names
		.flatMap((name) => (name === 'dnsutils' ? ['bind9-dnsutils', 'bind9-host'] : [name]))
		.filter((name) => Object.hasOwn(DEBIAN, name))
		.sort();

/** Everything in a place by its path, links to folders among it; undefined where nobody knows what there is. */
export function programsAt(place: Place, lab: Lab): ReadonlyMap<string, ProgramFile> | undefined {
	const since = inDebian([...installedAt(place, lab).packages]);
	if (place.kind === 'laptop')
		return once(`laptop ${since.join(' ')}`, () => {
			const files = withPackages([...OF_BASE, ...LAPTOP.packages, ...since], true);
			unpack(LAPTOP.files, files, true);
			return files;
		});
	if (place.kind === 'node') {
		const os = nodeSystem(place, lab);
		if (os === undefined) return undefined;
		const merged = !/Debian.* 11|Ubuntu 1/.test(os);
		return once(`node ${merged} ${since.join(' ')}`, () => {
			const files = withPackages([...OF_BASE, ...NODE.packages, ...since], merged);
			unpack(NODE.files, files, merged);
			return files;
		});
	}
	const image = imageAt(place, lab);
	if (image === undefined) return undefined;
	const added = inDebian(packagesAt(place, lab));
	const key = `${image} ${added.join(' ')}`;
	if (known.has(key)) return known.get(key);
	const files = ofImage(image);
	if (!files) return undefined;
	const debian = !files.has('/bin/busybox');
	return once(key, () => (debian ? withPackages(added, files.has('/bin'), files) : files));
}

function nodeSystem(place: Extract<Place, { kind: 'node' }>, lab: Lab): string | undefined {
	const cluster = lab.cluster(place.cluster);
	const machine = cluster && contextOf(cluster)?.machines.get(place.node);
	return machine && machine.role !== 'external-load-balancer' ? machine.image.osImage : undefined;
}
