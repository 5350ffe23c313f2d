/** busybox's wget repeats the line that a server refuses with (networking/wget.c @ 1.35). */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('a refusal is told with the version of HTTP that the server speaks', async () => {
	const { run } = await terminal();
	await run('kubectl run b --image=busybox -- sleep 1d; kubectl create deployment w --image=nginx --port=80');
	await run('kubectl expose deployment w; sleep 10');
	expect(await run('kubectl exec b -- wget -qO- http://10.96.0.1:443/')).toContain('error: HTTP/1.0 400 Bad Request\n');
	expect(await run('kubectl exec b -- wget -qO- http://w/nope')).toContain('error: HTTP/1.1 404 Not Found\n');
});
