/**
 * `chroot /host`: from a pod that has its node's root mounted at /host into the node. `kubectl debug node/NAME` makes
 * such pods.
 *
 * Source: GNU coreutils src/chroot.c @ v9.1 (messages, 125 for what is chroot's own failure).
 */
import type { Lab } from '../../sim/lab/index.ts';
import type { Place, Tool } from '../tool.ts';

interface Spec {
	readonly nodeName?: string;
	readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path?: string } }[];
	readonly containers?: readonly {
		readonly name: string;
		readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
	}[];
}

/** The node whose root is at `/host` of a place; undefined when there is none. */
function hostOf(place: Place, lab: Lab): string | undefined {
	if (place.kind !== 'pod') return undefined;
	const api = lab.cluster(place.cluster)?.api;
	const pods = api?.find('pods');
	const spec = (pods && api?.get(pods, place.namespace, place.pod)?.spec) as Spec | undefined;
	const root = spec?.volumes?.find((volume) => volume.hostPath?.path === '/');
	const mounts = spec?.containers?.find((container) => container.name === place.container)?.volumeMounts;
	return root && mounts?.some((mount) => mount.name === root.name && mount.mountPath === '/host')
		? spec?.nodeName
		: undefined;
}

const chroot: Tool = {
	name: 'chroot',
	at: (place, lab) => hostOf(place, lab) !== undefined,
	async run(call) {
		const { place } = call;
		const node = hostOf(place, call.lab);
		const [root, ...argv] = call.args;
		if (root === undefined) {
			call.err("chroot: missing operand\nTry 'chroot --help' for more information.\n");
			return 125;
		}
		if (place.kind !== 'pod' || node === undefined || root.replace(/(.)\/+$/, '$1') !== '/host') {
			call.err(`chroot: cannot change root directory to '${root}': No such file or directory\n`);
			return 125;
		}
		const there: Place = { kind: 'node', cluster: place.cluster, node };
		if (argv.length === 0 || (argv.length === 1 && /^(?:\/bin\/)?(?:ba)?sh$/.test(argv[0]!)))
			return call.enter(there, 'bash');
		return call.runAt(there, argv, call.stdin);
	},
};

export const tools: readonly Tool[] = [chroot];
