/** Files, ranges, answers, pages of errors, variables, passwords: asked of nginx and of the lab. */
import { type Case, get, html, on } from './case.ts';

export const REQUESTS: readonly Case[] = [
	{
		name: 'static',
		http: on(''),
		files: html,
		requests: [
			get('/'),
			get('/a.txt'),
			get('/noext'),
			get('/d'),
			get('/d/'),
			get('/none'),
			get('/none/'),
			get('/a.txt', '', '1.1', 'HEAD'),
			get('/a.txt', '', '1.0'),
			get('/a.txt', 'Connection: keep-alive\r\n', '1.0'),
			get('/a.txt', 'Connection: close\r\n'),
			get('/a.txt', '', '1.1', 'POST'),
			get('/a.txt', '', '1.1', 'DELETE'),
			get('/none', '', '1.1', 'PUT'),
			get('/', '', '1.1', 'POST'),
			get('/../x'),
			get('/a%2etxt'),
			get('//a.txt'),
			get('/d?x=1'),
			'GET /a.txt HTTP/1.1\r\n\r\n',
			'garbage\r\n\r\n',
			get('/a.txt', '', '1.1', 'TRACE'),
			get('/none', '', '1.0'),
		],
		logs: true,
	},
	{
		name: 'ranges',
		http: on(''),
		files: html,
		requests: [
			'bytes=0-4',
			'bytes=-3',
			'bytes=5-',
			'bytes=20-',
			'bytes=0-0,2-3',
			'bytes=5-2',
			'bytes=x',
			'lines=1-2',
			'bytes=0-100',
			'bytes=-0',
			'bytes=0-9,0-9',
			'bytes=0-4,',
		]
			.map((r) => get('/a.txt', `Range: ${r}\r\n`))
			.concat([
				get('/a.txt', 'Range: bytes=0-4\r\n', '1.1', 'HEAD'),
				get('/a.txt', 'Range: bytes=0-4\r\nIf-Range: "x"\r\n'),
				get('/a.txt', 'Range: bytes=1-2\r\n', '1.0'),
				get('/none', 'Range: bytes=1-2\r\n'),
			]),
		logs: true,
	},
	{
		name: 'conditions',
		http: on('etag on;'),
		files: html,
		requests: [
			get('/a.txt', 'If-None-Match: *\r\n'),
			get('/a.txt', 'If-None-Match: "x", "y"\r\n'),
			get('/a.txt', 'If-Modified-Since: Wed, 31 Aug 2022 10:00:00 GMT\r\n'),
			get('/a.txt', 'If-Modified-Since: Wed, 31 Aug 2022 10:00:01 GMT\r\n'),
			get('/a.txt', 'If-Match: "x"\r\n'),
			get('/a.txt', 'If-Unmodified-Since: Wed, 31 Aug 2022 09:00:01 GMT\r\n'),
		],
	},
	{
		name: 'returns',
		http: on(`
  location /r200 { return 200 "hi\\n"; } location /r200.html { return 200 "hi $arg_x"; } location /empty { return 200; }
  location /r204 { return 204; } location /r301 { return 301 /new; } location /r302 { return 302 https://x.y/z?a=$args; } location /url { return https://u.v/; }
  location /r404 { return 404; } location /r404t { return 404 "no\\n"; } location /r418 { return 418; } location /r444 { return 444; } location /r500 { return 500; } location /r503 { return 503 "maint\\n"; }
  location /r307 { return 307 rel; } location /r999 { return 999; } location /r201 { return 201 made; } location /r429 { return 429; } location /r303 { return 303 $scheme://$host$request_uri; } location /r304 { return 304; } location /r410 { return 410; } location /r401 { return 401; } location /r405 { return 405; } location /r431 { return 431; } location /r507 { return 507; } location /r400 { return 400; } location /r206 { return 206 x; } location /r101 { return 150 x; }`),
		files: html,
		requests: [
			'/r200',
			'/r200.html?x=5',
			'/empty',
			'/r204',
			'/r301',
			'/r302?q',
			'/url',
			'/r404',
			'/r404t',
			'/r418',
			'/r444',
			'/r500',
			'/r503',
			'/r307',
			'/r999',
			'/r201',
			'/r429',
			'/r303',
			'/r304',
			'/r410',
			'/r401',
			'/r405',
			'/r431',
			'/r507',
			'/r400',
			'/r206',
		]
			.map((p) => get(p))
			.concat([
				get('/r200', '', '1.1', 'HEAD'),
				get('/r200', '', '1.1', 'POST'),
				get('/r404', '', '1.1', 'HEAD'),
				get('/r301', '', '1.0'),
				get('/r301', '', '1.1', 'GET', 'Example.org:99'),
			]),
		logs: true,
	},
	{
		name: 'error_page',
		http: on(`
   error_page 404 /404.html; error_page 500 502 503 504 =200 /50x.html; error_page 403 @m; error_page 401 https://login.example/; error_page 402 =301 /moved; error_page 410 = /gone;
   location = /404.html { internal; } location @m { return 503 "maint\\n"; } location /f { deny all; } location /e { return 500; } location /login { return 401; } location /pay { return 402; }
   location /g { return 410; } location /gone { return 200 "gone\\n"; } location /own { error_page 404 = @n; try_files $uri =404; } location @n { return 200 "named $uri\\n"; }
   location /loop { error_page 404 /loop2; return 404; } location /loop2 { error_page 404 /loop; return 404; } location /t { error_page 404 /nofile; } location /rec { recursive_error_pages on; error_page 404 /rec2; return 404; } location /rec2 { error_page 403 /a.txt; return 403; }
   location = /c { error_page 404 /cust; return 404; } location = /cust { internal; return 404 "custom\\n"; }`),
		files: html,
		requests: ['/none', '/404.html', '/f', '/e', '/login', '/pay', '/g', '/own/x', '/loop', '/t', '/rec', '/c', '/cust']
			.map((p) => get(p))
			.concat([get('/none', '', '1.1', 'POST'), get('/none', '', '1.1', 'HEAD'), get('/f', 'Range: bytes=0-1\r\n')]),
		logs: true,
	},
	{
		name: 'map geo split if',
		http: on(
			`
   location /m { if ($isc) { return 418; } return 200 "$name $h $net\\n"; } location /s { return 200 $var; } location /if { set $x 1; if ($args) { set $x 2; } if ($arg_a = b) { set $x 3; } if ($arg_a ~* "^c(.)$") { set $x 4$1; } if (!-f $request_filename) { set $x "$x nofile"; } if (-d ROOT/html/d) { set $x "$x dir"; } return 200 "$x\\n"; }
   location /hdr { add_header X-A 1; if ($arg_a) { add_header X-B 2; } } location /p { if ($request_method = POST) { return 405; } return 200 "p $request_method\\n"; } location /mm { return 200 "$mm\\n"; }`,
			`map $http_user_agent $isc { default 0; ~*curl 1; "~^wget/(?<v>\\d)" 0; } map $arg_n $name { default none; a alpha; ~^b(.*)$ "b:$1"; "" empty; } map $http_host $h { hostnames; default d; *.example.com ex; example.* any; .foo.org foo; } geo $net { default out; 127.0.0.0/8 local; 127.0.0.1 me; } split_clients "$arg_k" $var { 20% one; 30.5% two; * rest; } map "$args:$uri" $mm { "~^(?<q>.+):/m(?<r>.)" "$q-$r"; default -; }`,
		),
		files: html,
		requests: [
			get('/m', 'User-Agent: curl/7\r\n'),
			get('/m?n=a'),
			get('/m?n=bxx'),
			get('/m?n=A'),
			get('/m?n=q'),
			get('/m'),
			get('/m', '', '1.1', 'GET', 'www.example.com'),
			get('/m', '', '1.1', 'GET', 'example.net'),
			get('/m', '', '1.1', 'GET', 'foo.org'),
			get('/m', '', '1.1', 'GET', 'a.foo.org'),
			...['a', 'b', 'c', 'd', 'e', 'f', 'hello', 'longer key here'].map((k) => get(`/s?k=${encodeURIComponent(k)}`)),
			get('/if'),
			get('/if?a=b'),
			get('/if?a=cz'),
			get('/if?q'),
			get('/hdr?a=1'),
			get('/p'),
			get('/p', 'Content-Length: 0\r\n', '1.1', 'POST'),
			get('/mm?zz'),
		],
	},
	{
		name: 'auth',
		http: on(`
   location /b { auth_basic "Area"; auth_basic_user_file ROOT/pw; } location /n { auth_basic "A"; auth_basic_user_file ROOT/nofile; } location /off { auth_basic off; try_files /a.txt =404; } location /sat { satisfy any; deny all; auth_basic "S"; auth_basic_user_file ROOT/pw; try_files /a.txt =404; }
   location /any { satisfy any; allow 127.0.0.0/8; deny all; auth_basic "S"; auth_basic_user_file ROOT/pw; try_files /a.txt =404; } location /d { deny 127.0.0.1; allow all; } location /req { auth_request /check; try_files /a.txt =404; } location = /check { internal; if ($arg_ok) { return 204; } return 401; } location /req5 { auth_request /c5; } location = /c5 { return 500; } location /u { auth_basic "X"; auth_basic_user_file ROOT/pw; return 200 "u=$remote_user"; } location /us { auth_basic "X"; auth_basic_user_file ROOT/pw; add_header X-U $remote_user; try_files /a.txt =404; } location /dd { allow 10.0.0.0/8; deny all; }`),
		files: {
			...html,
			pw: 'a:{PLAIN}pa\nb:$apr1$abcdefgh$FBwExRW4dCc8aL.OvjpIE1\nm:$1$abcdefgh$G//4keteveJp0qb8z2DxG/\ns:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\nplain:plain\n# c\n',
		},
		requests: [
			get('/b/'),
			...[
				'a:pa',
				'a:no',
				'b:password',
				'b:x',
				'm:password',
				's:password',
				'nobody:x',
				'plain:plain',
				':x',
				'nocolon',
			].map((c) => get('/us', `Authorization: Basic ${Buffer.from(c).toString('base64')}\r\n`)),
			get('/n/x', `Authorization: Basic ${Buffer.from('a:b').toString('base64')}\r\n`),
			get('/off'),
			get('/sat'),
			get('/sat', `Authorization: Basic ${Buffer.from('a:pa').toString('base64')}\r\n`),
			get('/any'),
			get('/d/'),
			get('/req?ok=1'),
			get('/req'),
			get('/req5'),
			get('/u'),
			get('/dd'),
			get('/us', 'Authorization: Bearer x\r\n'),
		],
		logs: true,
	},
];
