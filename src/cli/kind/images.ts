/** `kind load` and `kind build`. Source: kind pkg/cmd/kind/{load,build}, pkg/build/nodeimage/build.go @ v0.14.0. */
import type { Run } from '../cobra/index.ts';

/** Go's words for a file that is not there. */
const absent = (path: string): string => `stat ${path}: no such file or directory`;

/** `kind load image-archive`: archives are seen, and not read. */
export async function loadArchive({ call, args, flags }: Run): Promise<string | number> {
	if (args.length === 0) return 'name of image archive is required';
	for (const path of args)
		if ((await call.files.readBytes(path)) === undefined && (await call.files.list(path)) === undefined)
			return absent(path);
	const cluster = flags.text('name');
	const nodes = call.lab.kind.nodes(cluster);
	if (nodes.length === 0) return `no nodes found for cluster ${JSON.stringify(cluster)}`;
	const unknown = flags.list('nodes').find((name) => !nodes.includes(name));
	if (unknown !== undefined) return `unknown node: ${unknown}`;
	return `failed to load image archive ${args[0]}: the simulator reads no images from archives; kind load docker-image takes Docker's own`;
}

/** `kind load docker-image` */
export async function loadDockerImage({ call, flags, args }: Run): Promise<string | number> {
	if (args.length === 0) return 'a list of image names is required';
	const cluster = flags.text('name');
	const { kind } = call.lab;
	const images = [...new Set(args)];
	const here = (image: string): boolean => {
		const probe = kind.load(image, cluster, []);
		return probe.error === undefined || !probe.error.startsWith('image:');
	};
	const missing = images.find((image) => !here(image));
	if (missing !== undefined) return `image: ${JSON.stringify(missing)} not present locally`;
	const nodes = kind.nodes(cluster);
	if (nodes.length === 0) return `no nodes found for cluster ${JSON.stringify(cluster)}`;
	const wanted = flags.list('nodes');
	const unknown = wanted.find((name) => !nodes.includes(name));
	if (unknown !== undefined) return `unknown node: ${JSON.stringify(unknown)}`;
	for (const image of images) {
		const result = kind.load(image, cluster, wanted.length > 0 ? wanted : undefined);
		if (result.error !== undefined) return result.error;
		for (const node of result.loaded)
			call.err(`Image: "${image}" with ID "${result.id}" not yet present on node "${node}", loading...\n`);
		if (result.loaded.length > 0) await call.sleep(2e6);
		else call.err(`Image: "${image}" with ID "${result.id}" found to be already present on all nodes.\n`);
	}
	return 0;
}

/** `kind build node-image`: it needs the sources of Kubernetes, which nobody has here. */
export async function buildNodeImage({ call, args, flags }: Run): Promise<string | number> {
	const root = args[0] ?? flags.text('kube-root');
	const why =
		root === ''
			? 'error finding kuberoot: could not find k8s.io/kubernetes module source under GOPATH=/home/learner/go'
			: (await call.files.list(root)) === undefined
				? absent(root)
				: 'the simulator compiles no Kubernetes; kind create cluster --image names an image that is built';
	return `error building node image: ${why}`;
}
