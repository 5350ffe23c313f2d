/** `kubectl -v=…`: lines as client-go of the laptop's kubectl writes them, with what was really asked and answered. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

/** Lines of the log, without date, time and process. */
const told = async (line: string): Promise<readonly string[]> =>
	(await t.run(line))
		.split('\n')
		.filter((one) => /^I\d{4} /.test(one))
		.map((one) => one.replace(/^I\d{4} \S+ +\d+ /, ''));

describe('kubectl -v', () => {
	test('6 has one line for each request, with its status and what was refused', async () => {
		const lines = await told('kubectl get pod nosuch -v=6');
		expect(lines[1]).toMatch(
			/^round_trippers\.go:553\] GET https:\/\/0\.0\.0\.0:6443\/api\/v1\/namespaces\/default\/pods\/nosuch 404 Not Found in \d milliseconds$/,
		);
		expect(lines[2]).toBe('helpers.go:222] server response object: [{');
		const refused = await told('kubectl delete ns default --as=me -v=6');
		expect(refused.join('\n')).toMatch(/\/namespaces\/default 403 Forbidden in \d milliseconds/);
	});

	test('4 has the answer of the server only where it refuses', async () => {
		expect(await t.run('kubectl get ns default -v=4 -o name')).toBe('namespace/default\n');
		expect(await t.run('kubectl get pod nosuch -v=4')).toMatch(
			/"reason": "NotFound",\n {2}"details": \{\n {4}"name": "nosuch",\n {4}"kind": "pods"\n {2}\},\n {2}"code": 404\n\}\]\nError from server/,
		);
	});

	test('7 has headers of requests', async () => {
		const lines = await told('kubectl get ns -v=7 --as=me --as-group=system:masters');
		expect(lines.slice(1)).toEqual([
			'round_trippers.go:463] GET https://0.0.0.0:6443/api/v1/namespaces?limit=500',
			'round_trippers.go:469] Request Headers:',
			'round_trippers.go:473]     Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
			'round_trippers.go:473]     User-Agent: kubectl/v1.24.0 (linux/amd64) kubernetes/4ce5a89',
			'round_trippers.go:473]     Impersonate-User: me',
			'round_trippers.go:473]     Impersonate-Group: system:masters',
			expect.stringMatching(/^round_trippers\.go:574\] Response Status: 200 OK in \d milliseconds$/),
		]);
	});

	test('8 has bodies, cut after 1024 characters, and 10 whole ones', async () => {
		const body = (lines: readonly string[]): string =>
			lines.find((line) => line.includes('Response Body: '))!.replace(/^.*Response Body: /, '');
		const cut = body(await told('kubectl get pods -n kube-system -v=8'));
		const whole = body(await told('kubectl get pods -n kube-system -v=10'));
		expect(cut).toBe(`${whole.slice(0, 1024)} [truncated ${whole.length - 1024} chars]`);
		const table = JSON.parse(whole);
		const names = (await t.run('kubectl get pods -n kube-system -o name')).trim().split('\n');
		expect(table.rows.map((row: { cells: string[] }) => `pod/${row.cells[0]}`)).toEqual(names);
		expect(table.columnDefinitions[1].description).toMatch(/readiness state/);
	});

	test('8 has what is written, and who writes it', async () => {
		const lines = await told('kubectl create configmap said --from-literal=a=b -v=8');
		expect(lines.find((line) => line.includes('Request Body'))).toMatch(
			/^request\.go:1073\] Request Body: \{.*"a":"b"/,
		);
		expect(lines).toContain(
			'round_trippers.go:463] POST https://0.0.0.0:6443/api/v1/namespaces/default/configmaps?fieldManager=kubectl-create&fieldValidation=Strict',
		);
		expect(lines.join('\n')).toContain('Response Status: 201 Created');
		const gone = await told('kubectl delete configmap said -v=8');
		expect(gone.join('\n')).toMatch(/Response Body: \{"kind":"Status".*"status":"Success","details":\{"name":"said"/);
	});

	test('9 has a curl command and the connection', async () => {
		const lines = await told('kubectl get nodes -v=9 -o name');
		expect(lines[1]).toBe(
			`round_trippers.go:466] curl -v -XGET  -H "Accept: application/json" -H "User-Agent: kubectl/v1.24.0 (linux/amd64) kubernetes/4ce5a89" 'https://0.0.0.0:6443/api/v1/nodes?limit=500'`,
		);
		expect(lines[2]).toBe('round_trippers.go:510] HTTP Trace: Dial to tcp:0.0.0.0:6443 succeed');
	});

	test('tells of streams and of paths', async () => {
		expect((await told('kubectl exec deploy/deploy-echoserver -v=6 -- ls /')).at(-1)).toMatch(
			/POST .*\/exec\?command=ls&command=%2F&.*stdout=true 101 Switching Protocols in/,
		);
		expect((await told('kubectl get --raw /livez -v=6')).at(-1)).toMatch(
			/GET https:\/\/0\.0\.0\.0:6443\/livez 200 OK in/,
		);
	});
});
