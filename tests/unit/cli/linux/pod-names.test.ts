import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const MANIFEST = `apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: other}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: nicolaka/netshoot, command: [sleep, infinity]}]}
`;
const FQDN = 'db-1.db.default.svc.cluster.local';

describe('pods with a hostname and a subdomain', () => {
	let t: Terminal;
	let ip = '';
	beforeAll(async () => {
		t = await terminal();
		await t.run(`cat > db.yaml <<'Y'\n${MANIFEST}Y\nkubectl apply -f db.yaml; sleep 60`);
		ip = (await t.run("kubectl get pod db-1 -o jsonpath='{.status.podIP}'")).trim();
	});

	it('are called by it in the SRV records of their service, and resolve so', async () => {
		const srv = await t.run('kubectl exec db-0 -- dig +short SRV _http._tcp.db.default.svc.cluster.local');
		expect(srv.trim().split('\n').sort()).toEqual(['0 50 80 db-0.db.default.svc.cluster.local.', `0 50 80 ${FQDN}.`]);
		expect(await t.run(`kubectl exec db-0 -- dig +short ${FQDN}`)).toBe(`${ip}\n`);
	});

	it('have their address in dashes under a service that is not their subdomain', async () => {
		const dashed = `${ip.replaceAll('.', '-')}.other.default.svc.cluster.local`;
		expect(await t.run('kubectl exec db-0 -- dig +short SRV _http._tcp.other.default.svc.cluster.local')).toContain(
			`0 50 80 ${dashed}.\n`,
		);
		expect(await t.run('kubectl exec db-0 -- dig +short db-1.other.default.svc.cluster.local')).toBe('');
		const names = await t.run(`kubectl exec db-0 -- dig +short -x ${ip}`);
		expect(names.trim().split('\n').sort()).toEqual([`${dashed}.`, `${FQDN}.`].sort());
	});

	it('find their full name in /etc/hosts and by hostname -f', async () => {
		expect(await t.run('kubectl exec db-1 -- cat /etc/hosts')).toContain(`${ip}\t${FQDN}\tdb-1\n`);
		expect(await t.run('kubectl exec db-1 -- hostname -f')).toBe(`${FQDN}\n`);
		expect(await t.run('kubectl exec db-1 -- hostname')).toBe('db-1\n');
	});
});
