/** Which program an image runs. */
import type { ContainerSpec } from '../cluster/kinds.ts';
import { peoplesContainers } from '../containers/later.ts';
import { parseImage, repositoryOf } from '../machine/image-names.ts';
import { ciliumImage } from './cilium/image.ts';
import { operator } from './cilium/operator.ts';
import { envoy, relay } from './cilium/relay.ts';
import { coredns } from './coredns.ts';
import { behind, guestImage } from './guest.ts';
import { kindnetd } from './kindnetd.ts';
import { kubeProxy } from './kube-proxy.ts';
import { localPath, localPathHelper } from './local-path.ts';
import { argvOf, type Listening, type Program } from './program.ts';
import { server } from './servers.ts';
import { apiServer, component } from './static-pods.ts';
import { httpd, nginx, nginxSlim, unprivilegedNginx } from './web.ts';

const exact: Readonly<Record<string, Program>> = {
	'kindest/kindnetd': kindnetd,
	'kindest/local-path-provisioner': localPath,
	'kindest/local-path-helper': localPathHelper,
	'rancher/local-path-provisioner': localPath,
	'quay.io/cilium/cilium': ciliumImage,
	'quay.io/cilium/operator': operator,
	'quay.io/cilium/operator-generic': operator,
	'quay.io/cilium/operator-aws': operator,
	'quay.io/cilium/hubble-relay': relay,
	'quay.io/cilium/hubble-ui': server([{ port: 8081, protocol: 'TCP' }]),
	'quay.io/cilium/hubble-ui-backend': server([{ port: 8090, protocol: 'TCP' }]),
	'quay.io/cilium/cilium-envoy': envoy,
	'quay.io/cilium/json-mock': {
		...server([{ port: 8080, protocol: 'TCP' }]),
		listens: ({ env }) => [{ port: Number(env?.find(({ name }) => name === 'PORT')?.value ?? 8080), protocol: 'TCP' }],
	},
	'quay.io/cilium/starwars': server([{ port: 80, protocol: 'TCP' }]),
	'cilium/starwars': server([{ port: 80, protocol: 'TCP' }]),
	nginx,
	'nginxinc/nginx-unprivileged': unprivilegedNginx,
	'registry.k8s.io/nginx-slim': nginxSlim,
	'k8s.gcr.io/nginx-slim': nginxSlim,
	httpd,
};

/** By the last part of the name, for Kubernetes' own registries. */
const ofKubernetes: Readonly<Record<string, Program>> = {
	'kube-apiserver': apiServer,
	'kube-controller-manager': component('kube-controller-manager', 10257),
	'kube-scheduler': component('kube-scheduler', 10259),
	etcd: component('etcd', 2379),
	'kube-proxy': kubeProxy,
	coredns,
	pause: { ...server([], ['/pause']), paths: ['/pause'] },
};

/** Commands that any image has, and that take the place of its own program. */
const TOOLS = /(?:^|\/)(?:sh|ash|bash|dash|sleep|tail|true|false|echo|printf|date|nc|python3?)$/;

/** Images whose programs are described with all of their command lines. */
const SYSTEM = /^(?:(?:k8s\.gcr\.io|registry\.k8s\.io|quay\.io\/cilium)\/|kindest\/|rancher\/)/;

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/**
 * The program of a container. An image the registry has and nobody described is a shell without a terminal: it ends at
 * once. Any other command than the image's own runs in the container's shell.
 */
export function programOf({ image, command, args }: Pick<ContainerSpec, 'image' | 'command' | 'args'>): Program {
	const name = parseImage(image);
	const program = ofImage(image);
	if (program === guestImage || program.closed || !name) return program;
	// A command takes the entrypoint's place.
	if (program.guest) return program;
	const [first] = command ?? [];
	const names = program.names ?? [baseName(program.entrypoint?.[0] ?? '')];
	if (SYSTEM.test(repositoryOf(name)) && peoplesContainers()?.peoplesProgram(repositoryOf(name)) !== program) {
		if (first === undefined || program.paths?.includes(first)) return program;
		return TOOLS.test(first) || program.paths ? guestImage : program;
	}
	if (first !== undefined) return names.includes(baseName(first)) ? program : guestImage;
	const [arg] = args ?? [];
	// nginx's entrypoint runs other commands than nginx too, and httpd's image has none.
	if (!program.names || arg === undefined || arg.startsWith('-') || names.includes(baseName(arg))) return program;
	return program === nginx || program === unprivilegedNginx ? behind('/docker-entrypoint.sh') : guestImage;
}

/** What a container runs: its command line, or that of its image. */
export const commandOf = (spec: Pick<ContainerSpec, 'image' | 'command' | 'args'>): readonly string[] =>
	argvOf(programOf(spec), spec as ContainerSpec);

/** Ports it answers on. */
export const listensOf = (spec: Pick<ContainerSpec, 'image' | 'command' | 'args'>): readonly Listening[] =>
	programOf(spec).listens?.(spec as ContainerSpec, commandOf(spec)) ?? [];

function ofImage(image: string): Program {
	const name = parseImage(image);
	if (!name) return guestImage;
	const repository = repositoryOf(name);
	const known = Object.hasOwn(exact, repository) ? exact[repository] : undefined;
	if (known) return known;
	const last = repository.slice(repository.lastIndexOf('/') + 1);
	if (/^(?:k8s\.gcr\.io|registry\.k8s\.io)\//.test(repository) && Object.hasOwn(ofKubernetes, last))
		return ofKubernetes[last]!;
	// Its entrypoint takes curl's words, and other commands.
	if (last === 'curl') return behind('/entrypoint.sh', ['curl']);
	// bitnami/containers bitnami/kubectl/1.25/debian-11/Dockerfile.
	if (repository === 'bitnami/kubectl') return behind('kubectl', ['--help']);
	return peoplesContainers()?.peoplesProgram(repository) ?? guestImage;
}
