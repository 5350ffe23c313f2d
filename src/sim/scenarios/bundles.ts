/** Software that went together. The first is the start of every preset that offers them. */
import type { Bundle } from '../world/index.ts';

/**
 * `cilium-1.12` is what the course's first material ran on (Kubernetes 1.24.0, Linux 5.15.0, Cilium 1.12.1);
 * the others change one thing at a time: no Cilium, or everything of a later year. Kubernetes and kernel are of the
 * time of the Cilium.
 */
export const BUNDLES: readonly Bundle[] = [
	{
		id: 'cilium-1.12',
		kubernetes: '1.24.0',
		kernel: '5.15.0',
		proxy: '1.24',
		cni: 'cilium',
		cilium: '1.12.1',
	},
	{
		id: 'cilium-1.13',
		kubernetes: '1.25.3',
		kernel: '5.15.0',
		proxy: '1.24',
		cni: 'cilium',
		cilium: '1.13.18',
	},
	{
		id: 'cilium-1.14',
		kubernetes: '1.27.3',
		kernel: '5.15.0',
		proxy: '1.26',
		cni: 'cilium',
		cilium: '1.14.13',
	},
	{
		id: 'cilium-1.16',
		kubernetes: '1.30.0',
		kernel: '6.8.0',
		proxy: '1.26',
		cni: 'cilium',
		cilium: '1.16.6',
	},
	{
		id: 'cilium-1.17',
		kubernetes: '1.32.0',
		kernel: '6.8.0',
		proxy: '1.33',
		cni: 'cilium',
		cilium: '1.17.0',
	},
	{
		id: 'cilium-1.18',
		kubernetes: '1.33.1',
		kernel: '6.8.0',
		proxy: '1.33',
		cni: 'cilium',
		cilium: '1.18.3',
	},
	{
		id: 'cilium-1.19',
		kubernetes: '1.34.0',
		kernel: '6.12.0',
		proxy: '1.33',
		cni: 'cilium',
		cilium: '1.19.4',
	},
	{ id: 'bare-1.24', kubernetes: '1.24.0', kernel: '5.15.0', proxy: '1.24', cni: 'bare' },
	{ id: 'bare-1.33', kubernetes: '1.33.1', kernel: '6.8.0', proxy: '1.33', cni: 'bare' },
];
