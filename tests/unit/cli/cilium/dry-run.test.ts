/** What is asked without being done, and what a release of cilium-cli has no flag for (newCmdUpgrade() @ v0.12.2, v0.15.14). */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const IMAGES = "kubectl -n kube-system get ds,deploy -o jsonpath='{.items[*].spec.template.spec.containers[0].image}'";

test('v0.12 has no dry run, and does not upgrade when it is asked for one', async () => {
	const t = await terminal('kind-cilium', { patience: 3600e6 });
	const before = await t.run(IMAGES);
	for (const flag of ['--dry-run', '--set image.tag=x', '--reuse-values'])
		expect(await t.run(`cilium upgrade --version 1.12.5 ${flag}`)).toBe(`Error: unknown flag: ${flag.split(' ')[0]}\n`);
	expect(await t.run('cilium install --dry-run')).toBe('Error: unknown flag: --dry-run\n');
	expect(await t.run(IMAGES)).toBe(before);
	expect(await t.run('cilium upgrade --agent-image quay.io/cilium/cilium:v1.12.3 --wait=false')).toContain(
		'🚀 Upgrading cilium to version quay.io/cilium/cilium:v1.12.3...',
	);
});
