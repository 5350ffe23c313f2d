/** Every tool of the terminal, and what the tools know of its places. */
import { tools as chroot } from './chroot/index.ts';
import { tools as docker } from './docker/index.ts';
import { later } from './later.ts';
import { tools as linux, linuxSurroundings } from './linux/index.ts';
import type { Surroundings } from './shell/index.ts';
import type { Place, Tool } from './tool.ts';

const onLaptop = (place: Place): boolean => place.kind === 'laptop';

export const tools: readonly Tool[] = [
	...chroot,
	later({ name: 'cilium', at: onLaptop }, () => import('./cilium/index.ts')),
	...docker,
	later({ name: 'helm', at: onLaptop }, () => import('./helm/index.ts')),
	later({ name: 'kind', at: onLaptop }, () => import('./kind/index.ts')),
	later({ name: 'kubectl', aliases: ['k'], at: onLaptop }, () => import('./kubectl/index.ts')),
	...linux,
];

export const surroundings: readonly Surroundings[] = [linuxSurroundings];
