#compdef git-pp pp
# Completion of `git pp` for zsh: save it as _git-pp in a directory of $fpath; zsh's own completion of git finds it there.

_git-pp () {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a verbs
  verbs=(
    'run:make a failing command pass, and prove that the patch did it'
    'prove:prove a change that exists, whoever wrote it'
    'replay:run a proof again, in fresh worktrees'
    'verify:check proofs without running anything'
    'attest:check a proof, then sign it'
    'show:show one proof in full'
    'log:list the proofs, one per line'
    'report:write proofs for a pull request, as a page, or for CI'
    'covered:say whether a proof stands for a job of CI'
    'gate:answer the stop hook of a coding agent'
    'apply:put a proved change into your files, or commit it'
    'push:send proofs to a remote'
    'fetch:fetch the proofs of a remote'
    'forget:remove a proof, here and on a remote'
    'export:write a proof as a directory'
    'import:read an exported proof back in'
    'mcp:serve the tools of git pp to coding agents'
    'worker:prove for others, who ask over a broker'
    'jobs:list, watch and cancel what workers were asked for'
    'keygen:make a pair of keys for signing'
    'init:write a policy that fits this project'
    'doctor:check everything that a session needs, and say how to fix it'
    'completion:print the completion of a shell'
    'gc:remove what dead or old sessions left behind'
    'help:list the verbs, or the options of one'
  )
  _arguments -C \
    '*-C[work as if started there]:directory:_directories' \
    '--version[print the version]' \
    '(-h --help)'{-h,--help}'[list the verbs]' \
    '(-): :->verb' \
    '(-)*:: :->words' && return
  case $state in
  verb) _describe -t verbs 'git pp verb' verbs ;;
  words)
    case $words[1] in
    run)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*-v[print every run and every step]' \
        '*--verbose[print every run and every step]' \
        '*--target=[run only this target of the policy]:NAME: ' \
        '*--policy=[a policy file that adds to the base'\''s own]:FILE:_files' \
        '*--base=[start from this commit and ignore uncommitted work]:COMMIT: ' \
        '*--jobs=[how many candidates or targets may run at once; default: 1]:N|auto:(auto)' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[whether commands may use the network: deny (default) or allow]:deny|allow:(deny allow)' \
        '*--history=[how much history commands see: none (default), the commits down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory that commands need; may be repeated]:PATH:_files' \
        '*--allow=[a test, or another judge, that the change may edit; may be repeated]:PATTERN: ' \
        '*--setup=[run this line once on the base, before any patch]:CMD: ' \
        '*--env=[an environment variable of yours that commands may read; may be repeated]:NAME: ' \
        '*--expect=[the failing output must contain this text]:TEXT: ' \
        '*--hang-after=[a run that takes longer than this is red]:SECONDS: ' \
        '*--timeout=[end the session after this time; default: 3600]:SECONDS: ' \
        '*--runs=[how many pairs of fresh runs, without the change and with it; 0 runs each once, which proves little; default: auto]:N|auto:(auto)' \
        '*--no-minimize[keep the whole patch; do not remove parts that are not needed]' \
        '*--keep-worktrees[keep the worktrees, so that you can look at them]' \
        '*--sign=[sign the proof: hmac-sha256, ed25519 or ssh; default: as the policy says]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*--apply[put the proved change into your files, as git pp apply does]' \
        '*--artifacts[also export the bundle to .pp-artifacts/SESSION/proof_bundle]' \
        '*--provider=[who proposes patches; the default, search, uses no model]:search|openai|local|command:(search openai local command)' \
        '*--model=[the model that the provider uses]:NAME: ' \
        '*--samples=[ask the model for N answers to each request, at once; default: 1]:N: ' \
        '*--accept-literal[also prove a patch that holds the expected value of the test]' \
        '*--show-prompt[print the prompt that a model would get, and send nothing]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:COMMAND: ' ;;
    prove)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*-v[print every run and every step]' \
        '*--verbose[print every run and every step]' \
        '*--target=[run only this target of the policy]:NAME: ' \
        '*--policy=[a policy file that adds to the base'\''s own]:FILE:_files' \
        '*--base=[start from this commit and ignore uncommitted work]:COMMIT: ' \
        '*--jobs=[how many candidates or targets may run at once; default: 1]:N|auto:(auto)' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[whether commands may use the network: deny (default) or allow]:deny|allow:(deny allow)' \
        '*--history=[how much history commands see: none (default), the commits down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory that commands need; may be repeated]:PATH:_files' \
        '*--allow=[a test, or another judge, that the change may edit; may be repeated]:PATTERN: ' \
        '*--setup=[run this line once on the base, before any patch]:CMD: ' \
        '*--env=[an environment variable of yours that commands may read; may be repeated]:NAME: ' \
        '*--expect=[the failing output must contain this text]:TEXT: ' \
        '*--hang-after=[a run that takes longer than this is red]:SECONDS: ' \
        '*--timeout=[end the session after this time; default: 3600]:SECONDS: ' \
        '*--runs=[how many pairs of fresh runs, without the change and with it; 0 runs each once, which proves little; default: auto]:N|auto:(auto)' \
        '*--no-minimize[keep the whole patch; do not remove parts that are not needed]' \
        '*--keep-worktrees[keep the worktrees, so that you can look at them]' \
        '*--sign=[sign the proof: hmac-sha256, ed25519 or ssh; default: as the policy says]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*--apply[put the proved change into your files, as git pp apply does]' \
        '*--artifacts[also export the bundle to .pp-artifacts/SESSION/proof_bundle]' \
        '*--patch=[prove the diff in this file instead of a CHANGE; - reads it from stdin]:FILE:_files' \
        '*--patches=[prove each patch of this file, which has one JSON object in a line; - reads stdin]:FILE:_files' \
        '*--each[prove each commit of A..B, one after the other]' \
        '*--policy-from=[use the policy of this commit, not that of the base, which the author of a branch chooses]:REF: ' \
        '*--mode=[refactor: prove a change without a red, which keeps what works; auto: either; default: fix]:fix|refactor|auto:(fix refactor auto)' \
        '*--on=[let workers prove it, who take jobs from this broker: nats://HOST:PORT or tls://HOST:PORT]:URL: ' \
        '*--workers=[the public keys of the workers that you trust; default: pp.workers of your git config]:FILE:_files' \
        '*--confirm-by=[so many different workers have to agree; default: 1]:N: ' \
        '*--recheck=[prove so many of the jobs here, too; default: 1, and at least one job; 0: none]:PERCENT: ' \
        '*--environment=[only workers whose list says the same environment may do it]:NAME: ' \
        '*--deadline=[so long after it was asked for, nobody wants the verdict any more]:SECONDS: ' \
        '*--detach[ask, and do not wait; git pp jobs --watch ID collects the results]' \
        '*--flaky[for a command that fails only in some runs: run it without and with the change in turn until chance cannot explain the difference, at most --runs pairs (5 to 100; default: 60)]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:CHANGE or COMMAND: ' ;;
    replay)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*-v[print every run and every step]' \
        '*--verbose[print every run and every step]' \
        '*--verify-attestation[verify the proof first, and run nothing if it does not hold]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be repeated]:FILE:_files' \
        '*--key-env=[the environment variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated]:FILE:_files' \
        '*--trust-from=[trust the keys that .pp/allowed_signers of this commit lists]:REF: ' \
        '*--allow-unsigned[accept a proof that no trusted key has signed]' \
        '*--accept=[also accept PRESERVED proofs: changes without a red that keep what works]:refactor:(refactor)' \
        '*--bisect[for git bisect run: exit status 0 if reproduced, 1 if refuted, 125 otherwise]' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[whether commands may use the network: deny (default) or allow]:deny|allow:(deny allow)' \
        '*--history=[how much history commands see: none (default), the commits down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory of yours that commands may read; may be repeated]:PATH:_files' \
        '*--env=[an environment variable of yours that commands may read; may be repeated]:NAME: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    verify)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be repeated]:FILE:_files' \
        '*--key-env=[the environment variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated]:FILE:_files' \
        '*--trust-from=[trust the keys that .pp/allowed_signers of this commit lists]:REF: ' \
        '*--allow-unsigned[accept a proof that no trusted key has signed]' \
        '*--accept=[also accept PRESERVED proofs: changes without a red that keep what works]:refactor:(refactor)' \
        '*--threshold=[how many different trusted public keys must have signed; default: 1]:N: ' \
        '*--allow-weak[also accept a proof made with --runs 0: red once and green once]' \
        '*--exact[refuse a proof of another commit, even if it has the same trees]' \
        '*--require=[which commits of a range need a proof: all, or only those whose trailer announces one]:all|trailer:(all trailer)' \
        '*--policy-from=[also check command, base, judges, runs and paths against the policy of this commit]:REF: ' \
        '*--max-age=[refuse proofs older than this: 45m, 12h, 7d, 2w]:AGE: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF or RANGE: ' ;;
    attest)
      _arguments -s \
        '*--mode=[how to sign: hmac-sha256, ed25519 or ssh; none: the statement without a signature]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    show)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    log)
      _arguments -s \
        '*-n+[list at most this many; default: all]:N: ' \
        '*--limit=[list at most this many; default: all]:N: ' \
        '*--gate[list what git pp gate said in this work tree instead; the newest comes first]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    report)
      _arguments -s \
        '*--key=[a public key to trust, PEM or OpenSSH; may be repeated]:FILE:_files' \
        '*--key-env=[the environment variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated]:FILE:_files' \
        '*--trust-from=[trust the keys that .pp/allowed_signers of this commit lists]:REF: ' \
        '*--allow-unsigned[accept a proof that no trusted key has signed]' \
        '*--accept=[also accept PRESERVED proofs: changes without a red that keep what works]:refactor:(refactor)' \
        '*--threshold=[how many different trusted public keys must have signed; default: 1]:N: ' \
        '*--allow-weak[also accept a proof made with --runs 0: red once and green once]' \
        '*--exact[refuse a proof of another commit, even if it has the same trees]' \
        '*--require=[which commits of a range need a proof: all, or only those whose trailer announces one]:all|trailer:(all trailer)' \
        '*--policy-from=[also check command, base, judges, runs and paths against the policy of this commit]:REF: ' \
        '*--max-age=[refuse proofs older than this: 45m, 12h, 7d, 2w]:AGE: ' \
        '*--format=[markdown: a block for a pull request; html: a page; junit: a case for each commit and target; sarif, github: places in the change]:markdown|html|junit|sarif|github:(markdown html junit sarif github)' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF or RANGE: ' ;;
    covered)
      _arguments -s \
        '*--base=[the commit whose pp.yaml and .pp/allowed_signers count; never one of the change]:REF: ' \
        '*--max-age=[refuse proofs older than this: 45m, 12h, 7d, 2w]:AGE: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:COMMAND: ' ;;
    gate)
      _arguments -s \
        '*--agent=[which agent calls: aider, claude, codex, copilot, cursor, gemini, none or opencode]:NAME:(aider claude codex copilot cursor gemini none opencode)' \
        '*--begin[the hook of the start of a session: notes where it begins]' \
        '*--subagents[decide about the stops of helpers of the agent, too]' \
        '*--deadline=[answer within this time (default 60)]:SECONDS: ' \
        '*--off[let every stop go, for the TIME that follows or until --on]' \
        '*--on[decide about stops again]' \
        '*--accept[take the work tree as it is as the base of what comes]' \
        '*--trust[show what the policy of HEAD asks for, and agree to it, on a terminal]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:TIME: ' ;;
    apply)
      _arguments -s \
        '*--commit[commit the change on the branch instead of leaving it in the files]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be repeated]:FILE:_files' \
        '*--key-env=[the environment variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated]:FILE:_files' \
        '*--trust-from=[trust the keys that .pp/allowed_signers of this commit lists]:REF: ' \
        '*--allow-unsigned[accept a proof that no trusted key has signed]' \
        '*--accept=[also accept PRESERVED proofs: changes without a red that keep what works]:refactor:(refactor)' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    push)
      _arguments -s \
        '*--with-attempts[also send the attempts of the sessions]' \
        '*--with-snapshot[also send sessions that started from uncommitted work; that work is sent with them]' \
        '*-n[only list what would be sent]' \
        '*--dry-run[only list what would be sent]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:REMOTE or PROOF: ' ;;
    fetch)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:REMOTE or COMMIT: ' ;;
    forget)
      _arguments -s \
        '*--remote=[also remove it from this remote: its name, a URL or a path]:REMOTE: ' \
        '*--yes[do not ask for confirmation]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    export)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:PROOF or DIR:_files' ;;
    import)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:DIR:_files' ;;
    mcp)
      _arguments -s \
        '*--sign=[sign the proofs: hmac-sha256, ed25519 or ssh; default: nothing is signed, whatever the policy says]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--key=[the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*--trust=[a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated]:FILE:_files' \
        '*--answer-within=[answer each call within this time; default: 45]:SECONDS: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    worker)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*-v[print every run and every step]' \
        '*--verbose[print every run and every step]' \
        '*--on=[the broker: nats://HOST:PORT or tls://HOST:PORT; default: pp.broker of your git config]:URL: ' \
        '*--repositories=[the repositories that it serves, and for whom]:FILE:_files' \
        '*--key=[the key that signs its results]:FILE:_files' \
        '*--mode=[the kind of that key: hmac-sha256, ed25519 or ssh; default: ed25519]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--name=[its name on the broker; default: the name of the machine and the start of the key id]:NAME: ' \
        '*--jobs=[how many jobs may run at once; default: 1]:N: ' \
        '*--metrics=[serve counters for Prometheus at http://127.0.0.1:PORT/metrics]:PORT: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    jobs)
      _arguments -s \
        '*-q[print no progress; answer with one line]' \
        '*--quiet[print no progress; answer with one line]' \
        '*-v[print every run and every step]' \
        '*--verbose[print every run and every step]' \
        '*--watch=[collect the results of a batch until it is complete]:ID: ' \
        '*--cancel=[withdraw what has no answer yet]:ID: ' \
        '*--retry=[ask again for what was not run, and collect]:ID: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    keygen)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '*:FILE:_files' ;;
    init)
      _arguments -s \
        '*--force[replace an existing pp.yaml]' \
        '*-n[print the policy, or the difference, without writing it]' \
        '*--dry-run[print the policy, or the difference, without writing it]' \
        '*--agent=[make these coding agents call git pp gate]:NAME,...: ' \
        '*--proposer=[let git pp run ask this coding agent for patches]:NAME: ' \
        '*--user[with --agent or --proposer: write your own files, not the project'\''s]' \
        '*--remove[with --agent or --proposer: take out what git pp init wrote]' \
        '*--yes[with --agent: do not ask]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    doctor)
      _arguments -s \
        '*--agent=[check only whether this coding agent calls git pp gate]:NAME: ' \
        '*--on=[check only this broker, and what is needed to ask workers over it]:URL: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    completion)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' \
        '1:SHELL:(bash zsh fish)' ;;
    gc)
      _arguments -s \
        '*--older-than=[also remove sessions that proved nothing and are older than this: 45m, 12h, 7d, 2w]:AGE: ' \
        '*--all[remove everything of git pp in this repository, proofs included]' \
        '*-n[only list what would be removed]' \
        '*--dry-run[only list what would be removed]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[print one JSON object, also for errors]' ;;
    esac ;;
  esac
}

_git-pp "$@"
