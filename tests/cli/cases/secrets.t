# A secret that comes by file, descriptor, command or environment is never seen: not in
# the output of any command, whether it goes well or not, nor in a file that is left.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk driver which fake --format none
? 0
$ printf 'canary-file\n' >p; printf 'canary-command\n' >q; chmod 600 p q; printf '[db.f]\nurl = fake://u@h/f\npassword_file = p\n[db.c]\nurl = fake://u@h/c\npassword_command = cat q\n[db.e]\nurl = fake://u@h/e\npassword = ${CANARY}\n[db.w]\nurl = fake://u@h/w\npassword = wrong\npin = canary-pin\n[db.p]\nurl = "fake://u@h/p?pin=canary-pin&rows=2"\n[db.g]\ndriver = gone\nhost = h\npin = canary-pin\n[db.n]\nurl = "gone://h/p?pin=canary-pin"\n' >c.ini; chmod 600 c.ini
? 0
$ cat >all.sh <<'END'
> export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS CANARY=canary-env
> for mode in '' -v --json '-v -v -v'; do
> 	for db in f c e w p g n; do
> 		for verb in status list 'query rows' 'query nonsense' 'query -f none' create 'drop --yes' backup 'restore x' verify schema 'seed x'; do
> 			tsk $mode --config c.ini --db $db db $verb
> 		done
> 	done
> 	tsk $mode --config c.ini config
> 	tsk $mode --config c.ini db list
> 	tsk $mode --config c.ini db status
> 	tsk $mode --config c.ini driver info fake
> 	echo canary-fd | tsk $mode --url fake://u@h/d --password-fd 0 db query rows
> 	echo canary-fd | tsk $mode --url 'fake://u@h/d?fail=open:-202' --password-fd 0 db status
> 	tsk $mode --url fake://u:canary-url@h/d db query rows
> 	tsk $mode --url 'fake://u:canary-url@h/d?fail=open:-202' db status
> 	tsk $mode --url 'fake://u:canary-url@h/d?nonsense=1' db query rows
> 	tsk $mode --url 'fake://h/d?password=canary-url' db query rows
> 	TUSK_URL=fake://u:canary-env@h/d tsk $mode db query rows
> 	TUSK_URL=fake://u:canary-env@h/d tsk $mode config
> 	DATABASE_URL=fake://u:canary-env@h/d tsk $mode db status
> done
> END
? 0
$ TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --config c.ini config --format csv 2>err | grep '^db.[pgn],[a-z]*,' | sed 's/,c.ini.*//'; cat err
db.p,url,fake://u@h/p?pin=***&rows=2
db.g,driver,gone
db.g,host,h
db.g,pin,********
db.n,url,gone://h/p?pin=***
tsk: warning: [db.e]: c.ini:9: the variable CANARY is not set
? 0
$ sh all.sh >all.out 2>&1; test "$(wc -l <all.out)" -gt 200 && grep -n canary all.out
? 1
$ rm -f all.sh c.ini p q all.out; grep -rl canary .
? 1

# Nor is a password that stands where none belongs: what is no proper URL is shown by its
# scheme alone, and no driver need be there for that.
$ for url in postgres:u:hunter2@h/d postgres:/u:hunter2@h postgres://u:hunter2 postgres://u:p/hunter2@h/x 'postgres://u:p?hunter2@h/x' sqlite://u:p/hunter2@h/app.db user:hunter2@h; do TUSK_URL=$url tsk --format csv config | grep TUSK_URL; done
tusk,url,postgres:***,TUSK_URL
tusk,url,postgres:***,TUSK_URL
tusk,url,postgres:***,TUSK_URL
tusk,url,postgres:***,TUSK_URL
tusk,url,postgres:***,TUSK_URL
tusk,url,sqlite:***,TUSK_URL
tusk,url,user:***,TUSK_URL
? 0
$ for url in ://u:hunter2@h //u:hunter2@h/db u:hunter2@h password=hunter2 'host=x password=hunter2'; do TUSK_URL=$url tsk --format csv config | grep TUSK_URL; for verb in 'query x' status backup create 'drop --yes'; do tsk --url "$url" db $verb 2>&1; done; done >odd; grep -c '^tsk: byte 1 of the URL' odd; grep -c '^tusk,url,\*\*\*,' odd; grep hunter2 odd; ls | grep hunter2
25
5
? 1
$ rm odd; for url in ./u:hunter2@h sqlite:gone.db; do tsk --url "$url" db query x 2>&1 | grep ^tsk; done
tsk: there is no database './u:hunter2@h' (CONNECT)
tsk: there is no database 'gone.db' (CONNECT)
? 0
$ printf '[db.a]\nurl = ${SCHEME}://u:canary77@h/d\n[db.b]\nurl = ${SCHEME:-fake}://u:canary78@h/d\n' >s.ini; chmod 644 s.ini; tsk --config s.ini config
~ tsk: s.ini:2: 'url' holds a secret.* \(REFUSED\)
? 7
$ chmod 600 s.ini; for verb in config 'db list'; do SCHEME=fake tsk --config s.ini --format csv $verb 2>&1 | grep s.ini; done; rm s.ini
db.a,url,***,s.ini:2
db.b,url,***,s.ini:4
a,false,,***,false,false,s.ini:2
b,false,,***,false,false,s.ini:4
? 0

# The password is used all the same.
$ echo wrong | TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS tsk --json --url fake://u@h/d --password-fd 0 db query rows | grep -o '"code":"[A-Z]*"\|"exit":[0-9]*'
"exit":3
"code":"AUTH"
? 0

# The process list shows stars once it runs, and the program may not be traced or dump core.
$ export TUSK_DRIVER_PATH=$TUSK_TEST_DRIVERS; tsk --url 'fake://u:canary-url@h/d?sleep_ms=3000' db query rows >/dev/null 2>&1 & sleep 1; tr '\0' '\n' <"/proc/$!/cmdline" | grep url -A1; (cat "/proc/$!/environ" 2>/dev/null || :) | grep -c canary; grep 'Max core' "/proc/$!/limits" | tr -s ' '; kill $!; wait
--url
fake://u:**********@h/d?sleep_ms=3000
0
Max core file size 0 0 bytes 
? 0
