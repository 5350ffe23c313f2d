/** curl and wget at servers in containers: what they send, what they follow, whom they believe. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

const CONF = `server {
    listen 81;
    root /usr/share/nginx/html;
    location /r1 { return 301 /r2; }
    location /r2 { add_header Set-Cookie "a=b; Path=/"; return 302 /echo; }
    location /echo { return 200 "$request_method l=$content_length c=$http_cookie r=$http_range u=$remote_user\\n"; }
    location /pass { proxy_pass http://127.0.0.1:82; }
    location /busy { return 503; }
    location /list/ { alias /etc/nginx/; autoindex on; }
    location /nothing { return 444; }
    location /gz { gzip on; gzip_min_length 1; default_type text/html; return 200 "again again again again\\n"; }
    mirror /elsewhere;
}
server { listen 82; return 200 "$request_method l=$content_length t=$content_type\\n"; }
`;

it('curl sends, follows, keeps and is refused as it is', async () => {
	const at = await terminal();
	await at.file('x.conf', CONF);
	await at.run('docker run -d --name web -v $PWD/x.conf:/etc/nginx/conf.d/x.conf nginx');
	const ip = (await at.run("docker inspect -f '{{.NetworkSettings.IPAddress}}' web")).trim();
	const url = `http://${ip}:81`;
	expect(await at.run('docker exec web nginx -t')).toContain(
		`(this lab's nginx reads "mirror" and gives it no effect)`,
	);
	expect(await at.run(`curl -sL -w '%{http_code} %{num_redirects} %{url_effective}' ${url}/r1`)).toBe(
		`GET l= c= r= u=\n200 2 ${url}/echo`,
	);
	expect(await at.run(`curl -sLc jar ${url}/r1; curl -sb jar ${url}/echo`)).toBe(
		'GET l= c=a=b r= u=\nGET l= c=a=b r= u=\n',
	);
	expect(await at.run(`curl -s -u me:pw -r 0-3 -d q=1 -b x=1 ${url}/echo`)).toBe('POST l=3 c=x=1 r=bytes=0-3 u=me\n');
	expect(await at.run(`curl -s -F a=1 -F 'f=@jar' ${url}/pass`)).toMatch(
		/^POST l=\d{3} t=multipart\/form-data; boundary=-{24}[0-9a-f]{16}\n$/,
	);
	expect(await at.run(`echo up | curl -s -T - ${url}/pass/x`)).toBe('PUT l=3 t=\n');
	expect(await at.run(`curl -sS --retry 2 -o /dev/null -w '%{http_code}' ${url}/busy`)).toMatch(
		/^(?:Warning: .*HTTP error.*\n){2}503$/,
	);
	expect(await at.run(`curl -s ${url}/list/`)).toMatch(/^<html>\r\n[\s\S]*<a href="conf.d\/">conf.d\/<\/a>/);
	expect(await at.run(`curl -s --compressed ${url}/gz`)).toBe('again again again again\n');
	expect(await at.run(`curl -sS ${url}/nothing`)).toBe('curl: (52) Empty reply from server\n');
	expect(await at.run(`curl --netrc ${url}`)).toBe("curl: the simulator's curl does not do --netrc\n");
	expect(await at.run(`curl --netrk ${url}`)).toContain('curl: option --netrk: is unknown\n');
	expect(await at.run(`wget -qO- ${url}/r1`)).toBe('GET l= c= r= u=\n');
	expect(await at.run('docker logs web | grep -c 503')).toBe('3\n');
});

it('curl believes the certificate that nginx has from a Secret, if it is told to and asks by its name', async () => {
	const at = await terminal();
	await at.file(
		'tls.conf',
		'server { listen 443 ssl; ssl_certificate /tls/tls.crt; ssl_certificate_key /tls/tls.key; return 200 "$scheme\\n"; }',
	);
	await at.run(`openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 10 -subj /CN=web -addext subjectAltName=DNS:web
kubectl create secret tls t --cert=tls.crt --key=tls.key
kubectl create configmap conf --from-file=default.conf=tls.conf
kubectl run web --image=nginx --overrides='{"spec":{"containers":[{"name":"n","image":"nginx","volumeMounts":[{"name":"c","mountPath":"/etc/nginx/conf.d"},{"name":"t","mountPath":"/tls"}]}],"volumes":[{"name":"c","configMap":{"name":"conf"}},{"name":"t","secret":{"secretName":"t"}}]}}'
kubectl wait --for=condition=ready pod web`);
	const get = (words: string): Promise<string> => at.run(`kubectl exec web -- curl -sS ${words}`);
	expect(await get('-k https://localhost')).toBe('https\n');
	expect(await get('--cacert /tls/tls.crt https://web')).toBe('https\n');
	expect(await get('https://web')).toContain('curl: (60) SSL certificate problem: self-signed certificate\n');
	expect(await get('--cacert /tls/tls.crt https://localhost')).toContain(
		"curl: (60) SSL: no alternative certificate subject name matches target host name 'localhost'\n",
	);
	expect(await get('http://localhost:443')).toContain('The plain HTTP request was sent to HTTPS port');
});
