/** Rules that keep numbers between packets, that only tell, and that refuse: each acts on what is sent (kernel: the same lines in tests/kernel/save.test.ts). */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
let pod: string;
const node = 'basic-worker';
const onNode = (line: string): Promise<string> => lab.run(`docker exec ${node} ${line}`);
const codes = async (times: number): Promise<readonly string[]> => {
	const got: string[] = [];
	for (let i = 0; i < times; i++)
		got.push((await onNode(`curl -s -m 1 -o /dev/null -w '%{http_code}' http://${pod}:8080`)).trim());
	return got;
};

beforeAll(async () => {
	lab = await terminal();
	pod = (await lab.run('kubectl get pod -l app=echoserver -o jsonpath="{.items[0].status.podIP}"')).trim();
	if (pod === '') pod = (await lab.run('kubectl get pods -o jsonpath="{.items[0].status.podIP}"')).trim();
});
afterEach(() => onNode('iptables -F OUTPUT'));

test('every second connection is refused by statistic --mode nth', async () => {
	await onNode('iptables -I OUTPUT -p tcp --dport 8080 --syn -m statistic --mode nth --every 2 -j REJECT');
	expect(await codes(4)).toEqual(['000', '200', '000', '200']);
	expect(await onNode('iptables -S OUTPUT')).toContain('-m statistic --mode nth --every 2 --packet 0 -j REJECT');
	expect(await onNode('iptables -nvL OUTPUT')).toMatch(
		/ 2 +120 REJECT .*tcp dpt:8080 tcp flags:0x17\/0x02 statistic mode nth every 2 reject-with/,
	);
});

test('a bucket of limit is empty after its burst and fills with time', async () => {
	await onNode('iptables -I OUTPUT -p tcp --dport 8080 --syn -j REJECT');
	await onNode('iptables -I OUTPUT -p tcp --dport 8080 --syn -m limit --limit 6/minute --limit-burst 2 -j ACCEPT');
	expect(await codes(4)).toEqual(['200', '200', '000', '000']);
	await lab.run('sleep 11');
	expect(await codes(2)).toEqual(['200', '000']);
	expect(await onNode('iptables -S OUTPUT')).toContain('-m limit --limit 6/min --limit-burst 2 -j ACCEPT');
	expect(await onNode('iptables -nL OUTPUT')).toContain('limit: avg 6/min burst 2');
});

test('recent counts how often an address was seen', async () => {
	await onNode('iptables -A OUTPUT -p tcp --dport 8080 --syn -m recent --name x --rdest --set');
	await onNode(
		'iptables -A OUTPUT -p tcp --dport 8080 --syn -m recent --name x --rdest --rcheck --seconds 60 --hitcount 3 -j REJECT',
	);
	expect(await codes(4)).toEqual(['200', '200', '000', '000']);
});

test('LOG and NFLOG let packets go on and count their octets', async () => {
	await onNode('iptables -A OUTPUT -p tcp --dport 8080 -j LOG --log-prefix "seen: " --log-uid');
	await onNode('iptables -A OUTPUT -p tcp --dport 8080 --syn -j NFLOG --nflog-group 3');
	expect(await codes(1)).toEqual(['200']);
	expect(await onNode('iptables -S OUTPUT')).toContain('-j LOG --log-prefix "seen: " --log-uid\n');
	const listed = await onNode('iptables -nvL OUTPUT');
	expect(listed).toMatch(/LOG .*LOG flags 8 level 4 prefix "seen: "/);
	expect(listed).toMatch(/ 1 +60 NFLOG .*nflog-group 3/);
	// Chains of iptables over nf_tables have no counters.
	expect(listed).toContain('Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)');
});

test('what REJECT answers with is what connect() ends with', async () => {
	for (const [kind, said] of [
		['icmp-host-prohibited', 'No route to host'],
		['icmp-net-prohibited', 'Network is unreachable'],
		['tcp-reset', 'Connection refused'],
	]) {
		await onNode(`iptables -A OUTPUT -p tcp --dport 8080 -j REJECT --reject-with ${kind}`);
		expect(await onNode(`curl -sS -m 2 http://${pod}:8080`)).toContain(`port 8080: ${said}`);
		await onNode('iptables -F OUTPUT');
	}
	expect(await onNode('iptables -A OUTPUT -j REJECT --reject-with nothing')).toContain('unknown reject type "nothing"');
});

test('what is there in iptables and not here is told apart from what is nowhere', async () => {
	expect(await onNode('iptables -A OUTPUT -m owner --uid-owner 0')).toContain('the simulator has no match owner');
	expect(await onNode('iptables -A OUTPUT -m nonsense')).toContain("Couldn't load match `nonsense'");
	expect(await onNode('iptables -A OUTPUT -m set --match-set none src')).toContain("Set none doesn't exist.");
	expect(await onNode('iptables -A OUTPUT -m limit --limit 1/foo')).toContain(`bad rate "1/foo"'`);
});

test('the laptop has Docker’s rules, and nodes have not', async () => {
	expect(await lab.run('sudo iptables -t nat -S')).toContain(
		'-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER\n',
	);
	expect(await lab.run('sudo iptables -S')).toContain('-A FORWARD -j DOCKER-USER\n');
	expect(await lab.run('sudo iptables -A FORWARD -s 1.2.3.4 -j DROP')).toBe('');
	expect(await onNode('iptables -t nat -S POSTROUTING')).not.toContain('DOCKER');
});
