/** nginx in a pod: what it serves is what it finds, as its configuration says. */
import { expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const conf = `
server {
    listen 8080;
    root /site;
    location / { try_files $uri $uri/ /index.html; }
    location = /healthz { access_log off; return 200 "ok\\n"; }
    location /old { return 301 /new; }
    location /api/ { proxy_pass http://back/; }
    location /list/ { alias /files/; autoindex on; }
    location /status { stub_status; }
    location /shut { deny all; }
}`;

async function withWeb(): Promise<Terminal> {
	const at = await terminal();
	await at.run(`kubectl create configmap conf --from-literal=default.conf='${conf}'
kubectl create configmap site --from-literal=index.html='<h1>site</h1>' --from-literal=a.css='body {}'
kubectl create deployment back --image=httpd:2.4.50
kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx:1.25
    readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
    volumeMounts: [{name: c, mountPath: /etc/nginx/conf.d}, {name: s, mountPath: /site}, {name: f, mountPath: /files}]
  volumes: [{name: c, configMap: {name: conf}}, {name: s, configMap: {name: site}}, {name: f, emptyDir: {}}]
END`);
	return at;
}

it('begins when the names in its configuration have addresses, and answers by its locations', async () => {
	const at = await withWeb();
	await at.run('sleep 12');
	expect(await at.run('kubectl logs web | tail -1')).toBe(
		'nginx: [emerg] host not found in upstream "back" in /etc/nginx/conf.d/default.conf:8\n',
	);
	expect(await at.run('kubectl get pod web --no-headers')).toMatch(/^web +0\/1 +(?:CrashLoopBackOff|Error)/);
	await at.run('kubectl expose deployment back --port 80; sleep 60');
	expect(await at.run('kubectl get pod web --no-headers')).toMatch(/^web +1\/1 +Running/);
	const get = (path: string): Promise<string> => at.run(`kubectl exec web -- curl -si http://localhost:8080${path}`);
	const page = await get('/');
	expect(page).toContain('HTTP/1.1 200 OK\r\nServer: nginx/1.25.5\r\nDate: Wed, 31 Aug 2022 ');
	expect(page).toMatch(
		/Content-Type: text\/html\r\nContent-Length: 13\r\nLast-Modified: .*\r\nConnection: keep-alive\r\nETag: "[0-9a-f]+-d"\r\nAccept-Ranges: bytes\r\n\r\n<h1>site<\/h1>$/,
	);
	expect(await get('/no/such')).toContain('200 OK');
	expect(await get('/a.css')).toContain('Content-Type: text/css\r\n');
	expect(await get('/healthz')).toMatch(/200 OK[\s\S]*\r\n\r\nok\n$/);
	expect(await get('/old')).toContain('301 Moved Permanently\r\n');
	expect(await get('/old')).toContain('Location: http://localhost:8080/new\r\n');
	expect(await get('/api/')).toContain('<h1>It works!</h1>');
	expect(await get('/shut')).toContain('403 Forbidden');
	expect(await get('/list/')).toContain('<h1>Index of /list/</h1>');
	expect(await get('/status')).toMatch(/server accepts handled requests\n \d+ \d+ \d+ \n/);
	expect(await at.run('kubectl exec web -- curl -s http://localhost')).toBe('command terminated with exit code 7\n');
	const log = await at.run('kubectl logs web');
	expect(log).not.toContain('/healthz');
	expect(log).toMatch(
		/\[error\] 29#29: \*\d+ access forbidden by rule, client: 127.0.0.1, server: , request: "GET \/shut HTTP\/1.1"/,
	);
	await at.run('kubectl scale deployment back --replicas 0; sleep 5');
	expect(await get('/api/')).toContain('502 Bad Gateway');
});

it('says what is wrong in its configuration, and what it is not allowed to do', async () => {
	const at = await terminal();
	const start = (name: string, security: string, more = '', image = 'nginx'): Promise<string> =>
		at.run(
			`kubectl run ${name} --image=${image} --overrides='{"spec":{"containers":[{"name":"n","image":"${image}","securityContext":${security}${more}}],"volumes":[{"name":"c","configMap":{"name":"${name}","optional":true}}]}}'`,
		);
	const mount = ',"volumeMounts":[{"name":"c","mountPath":"/etc/nginx/conf.d"}]';
	const configured = async (name: string, text: string): Promise<void> => {
		await at.run(`kubectl create configmap ${name} --from-literal=default.conf='${text}'`);
		await start(name, '{}', mount);
	};
	await configured('word', 'server {\n  listen 80;\n  foo bar;\n}');
	await configured('brace', 'server { listen 80;');
	await configured('point', 'server { listen 80\n root /x; }');
	await configured('place', 'location / { }');
	await configured('rewrite', 'server { listen 80;\n rewrite "/a(" /b; }');
	await configured('regex', 'server { listen 80;\n server_name ~a(; }');
	await configured('none', '# nothing');
	await start('ro', '{"readOnlyRootFilesystem":true}');
	await start('user', '{"runAsUser":1000}');
	await start('caps', '{"capabilities":{"drop":["ALL"]}}');
	await start('good', '{"runAsNonRoot":true,"capabilities":{"drop":["ALL"]}}', '', 'nginxinc/nginx-unprivileged');
	await at.run('sleep 20');
	const last = (name: string): Promise<string> => at.run(`kubectl logs ${name} | tail -1`);
	expect(await last('word')).toBe('nginx: [emerg] unknown directive "foo" in /etc/nginx/conf.d/default.conf:3\n');
	expect(await last('brace')).toBe(
		'nginx: [emerg] unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:1\n',
	);
	expect(await last('point')).toBe('nginx: [emerg] invalid parameter "root" in /etc/nginx/conf.d/default.conf:2\n');
	expect(await last('place')).toBe(
		'nginx: [emerg] "location" directive is not allowed here in /etc/nginx/conf.d/default.conf:1\n',
	);
	expect(await last('rewrite')).toBe(
		'nginx: [emerg] pcre2_compile() failed: missing closing parenthesis in "/a(" in /etc/nginx/conf.d/default.conf:2\n',
	);
	expect(await last('regex')).toBe(
		'nginx: [emerg] pcre2_compile() failed: missing closing parenthesis in "a(" in /etc/nginx/conf.d/default.conf:2\n',
	);
	expect(await last('ro')).toBe(
		'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)\n',
	);
	expect(await last('user')).toBe(
		'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)\n',
	);
	expect(await last('caps')).toBe(
		'nginx: [emerg] chown("/var/cache/nginx/client_temp", 101) failed (1: Operation not permitted)\n',
	);
	expect(await at.run('kubectl get pods good none --no-headers')).toMatch(
		/^good +1\/1 +Running.*\nnone +1\/1 +Running/,
	);
	expect(await at.run('kubectl exec none -- curl -s localhost')).toBe('command terminated with exit code 7\n');
});

it('reads its files again when it is told to, and serves what is written meanwhile', async () => {
	const at = await terminal();
	await at.run('kubectl run web --image=nginx:1.21-alpine; kubectl wait --for=condition=ready pod web');
	const run = (line: string): Promise<string> => at.run(`kubectl exec web -- sh -c '${line}'`);
	expect(await run('nginx -v')).toBe('nginx version: nginx/1.21.6\n');
	await run('echo one > /usr/share/nginx/html/one.txt');
	expect(await run('curl -s localhost/one.txt')).toBe('one\n');
	expect(await run('rm /usr/share/nginx/html/index.html; curl -s -o /dev/null -w "%{http_code}" localhost')).toBe(
		'403',
	);
	await run('echo "server { listen 90; return 200 ninety; }" > /etc/nginx/conf.d/n.conf');
	expect(await run('curl -s localhost:90')).toBe('command terminated with exit code 7\n');
	expect(await run('nginx -t')).toContain('nginx: configuration file /etc/nginx/nginx.conf test is successful\n');
	await run('nginx -s reload');
	expect(await run('curl -s localhost:90')).toBe('ninety');
	await run('echo "oops" > /etc/nginx/conf.d/n.conf');
	expect(await run('nginx -s reload')).toContain(
		'nginx: [emerg] unexpected end of file, expecting ";" or "}" in /etc/nginx/conf.d/n.conf:2\n',
	);
	expect(await run('curl -s localhost:90')).toBe('ninety');
});

it('asks its upstreams over the network: packets, addresses, failures and times are those of a request', async () => {
	const at = await terminal();
	await at.file(
		'default.conf',
		`upstream two { server back:8080; server back; }
server {
    listen 80;
    server_name front;
    location / { proxy_pass http://back; proxy_set_header Host $host; }
    location /two { proxy_pass http://two/; }
    location /slow { proxy_pass http://10.244.1.250; proxy_connect_timeout 3s; }
    location /var { set $name back; proxy_pass http://$name; }
}`,
	);
	await at.run(`kubectl create deployment back --image=nginx
kubectl expose deployment back --port 80
kubectl create configmap conf --from-file=default.conf
kubectl run front --image=nginx --overrides='{"spec":{"containers":[{"name":"front","image":"nginx","volumeMounts":[{"name":"c","mountPath":"/etc/nginx/conf.d"}]}],"volumes":[{"name":"c","configMap":{"name":"conf"}}]}}'
kubectl wait --for=condition=Ready pod/front; kubectl wait --for=condition=Available deployment/back`);
	const ip = (await at.run(`kubectl get pod front -o jsonpath='{.status.podIP}'`)).trim();
	const get = (path: string): Promise<string> =>
		at.run(`docker exec basic-worker curl -s -o /dev/null -w '%{http_code} %{time_total}' http://${ip}${path}`);
	expect(await get('/')).toMatch(/^200 /);
	expect(await at.run('kubectl logs deploy/back --tail 1')).toMatch(
		new RegExp(`^${ip} - - .* "GET / HTTP/1.0" 200 615 "-" "curl/.*" "-"\n$`),
	);
	expect(await get('/two')).toMatch(/^200 /);
	expect(await get('/slow')).toMatch(/^504 3\.0/);
	expect(await get('/var')).toMatch(/^502 /);
	const log = await at.run('kubectl logs front');
	expect(log).toMatch(
		/\[error\] 29#29: \*3 upstream timed out \(110: Connection timed out\) while connecting to upstream, client: [\d.]+, server: front, request: "GET \/slow HTTP\/1.1", upstream: "http:\/\/10\.244\.1\.250:80\/slow", host: /,
	);
	expect(log).toMatch(
		/connect\(\) failed \(\d+: .*\) while connecting to upstream, .* upstream: "http:\/\/[\d.]+:8080\/"/,
	);
	expect(log).toContain('no resolver defined to resolve back, client');
});
