/** Programs that are in an image and that nothing here stands for: said in one sentence, not as if the image lacked them. */
import type { Call, Tool } from '../tool.ts';
import { UNMODELLED } from './image-packages.ts';
import { hasTool } from './images.ts';

const absent: readonly Tool[] = UNMODELLED.map((name) => ({
	name,
	at: hasTool(name),
	async run(call) {
		call.err(`${name}: the program is here, but the simulator does not have it\n`);
		return 1;
	},
}));

/** The version its container's image names: `3.5.21` of `registry.k8s.io/etcd:3.5.21-0`. */
function imageVersion({ place, cluster }: Call): string | undefined {
	const at = cluster();
	if (place.kind !== 'pod' || !at) return undefined;
	const pod = at.api.get(at.api.find('pods')!, place.namespace, place.pod);
	const containers = (pod?.spec?.containers ?? []) as readonly { readonly name: string; readonly image: string }[];
	const image = containers.find(({ name }) => name === place.container)?.image ?? '';
	return /:v?(\d+\.\d+\.\d+[-.\w]*?)(?:-\d+)?(?:@|$)/.exec(image)?.[1];
}

/** A cluster's own programs, beside the ones that run: they tell their version. */
const components: readonly Tool[] = [
	'kube-apiserver',
	'kube-controller-manager',
	'kube-scheduler',
	'kube-proxy',
	'etcd',
	'etcdutl',
].map((name) => ({
	name,
	at: hasTool(name),
	async run(call) {
		const version = imageVersion(call);
		const asked = call.args.some((word) => /^--?version(?:=true)?$|^version$/.test(word));
		if (asked && version !== undefined && name.startsWith('kube-')) {
			// k8s.io/component-base/version/verflag PrintAndExitIfRequested() @ v0.24.0.
			call.out(`Kubernetes v${version}\n`);
			return 0;
		}
		const known = asked && version !== undefined ? `, only that it is version ${version}` : '';
		call.err(
			`${name}: the program is here, but the simulator runs no second one and knows nothing more of it${known}\n`,
		);
		return 1;
	},
}));

export const unmodelledTools: readonly Tool[] = [...absent, ...components];
