import { describe, expect, it } from 'vitest';
import { examplePaths, kubernetesExample } from '../../../../src/cli/web/kubernetes-examples.ts';
import { PAGES } from '../../../../src/cli/web/pages.ts';
import { loadContainers } from '../../../../src/sim/lab/index.ts';
import { catalogued } from '../../../../src/sim/lab/machine/catalog.ts';
import { parseImage } from '../../../../src/sim/lab/machine/image-names.ts';
import { terminal } from '../terminal.ts';

const images = new Set(
	[...PAGES.map(({ text }) => text()), ...examplePaths().map((path) => kubernetesExample(path)!)].flatMap((text) =>
		[...text.matchAll(/"?image"?: *['"]?([^\s'",]+)/g)].map(([, name]) => name!),
	),
);

it.each([...images])('a registry of the lab has %s, which a manifest with an address names', async (image) => {
	await loadContainers();
	expect(catalogued(parseImage(image)!)).toBeDefined();
});

it('manifests name images', () => expect(images.size).toBeGreaterThan(1));

describe('addresses of Kubernetes’ documentation', () => {
	it('lead to what a server takes', async () => {
		const t = await terminal('kind-basic');
		await t.run('kubectl create ns qos-example');
		for (const path of examplePaths())
			expect(await t.run(`kubectl create --dry-run=server -f https://k8s.io/examples/${path}`)).toMatch(
				/^(?:\S+ created \(server dry run\)\n)+$/,
			);
	});

	it('are short, or of the file they lead to', async () => {
		const t = await terminal('kind-basic', { patience: 3600e6 });
		const told = 'deployment.apps/nginx-deployment created\n';
		for (const begin of [
			'https://k8s.io/examples',
			'https://kubernetes.io/examples',
			'https://raw.githubusercontent.com/kubernetes/website/main/content/en/examples',
		]) {
			expect(await t.run(`kubectl apply -f ${begin}/application/deployment.yaml`)).toBe(told);
			await t.run('kubectl delete deploy nginx-deployment');
		}
		await t.run('kubectl apply -f https://k8s.io/examples/application/deployment.yaml');
		expect(await t.run('kubectl rollout status deploy/nginx-deployment | tail -1')).toContain('successfully');
	});

	it('and of projects that the lab does not have say so', async () => {
		const t = await terminal('kind-basic');
		const metrics = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
		expect(await t.run(`kubectl apply -f ${metrics}`)).toBe(
			`error: unable to read URL "${metrics}": the lab has no Internet, and of kubernetes-sigs/metrics-server it keeps nothing at this address\n`,
		);
		expect(await t.run('kubectl apply -f https://k8s.io/examples/nope.yaml')).toBe(
			'error: unable to read URL "https://k8s.io/examples/nope.yaml": the lab has no Internet, and of these examples it keeps nothing at this address\n',
		);
		expect(await t.run('kubectl apply -f https://example.com/x.yaml')).toMatch(
			/^Unable to connect to the server: dial/,
		);
	});
});
