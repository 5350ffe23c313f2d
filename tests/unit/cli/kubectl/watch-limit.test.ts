import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('A watch ends with the time its request may take, and nodes tell how long things may be kept', async () => {
	const at = await terminal();
	expect(await at.seconds('kubectl get pods -w --request-timeout=2s')).toBeCloseTo(2, 0);
	expect(at.code()).toBe(0);
	expect(await at.seconds('kubectl get pods -w --request-timeout=3')).toBeCloseTo(3, 0);
	expect(
		await at.run(
			"kubectl get node basic-worker -o jsonpath='{.metadata.annotations.node\\.alpha\\.kubernetes\\.io/ttl}'",
		),
	).toBe('0');
});
