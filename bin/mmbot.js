#!/usr/bin/env node
// Written so that every Node of the last years can read it: an old one is told before anything else is loaded.
var version = process.versions.node.split('.').map(Number);

function end(message, hint) {
  process.stderr.write('error: ' + message + '\nhint: ' + hint + '\n');
  process.exitCode = 2;
}

if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  end('mmbot needs Node 20.19 or newer, this is ' + process.versions.node, 'install a newer one: https://nodejs.org');
} else {
  import('../dist/main.js')
    .then(function (program) {
      return program.main(program.processHost()).then(program.endProcess);
    })
    .catch(function (error) {
      end('mmbot could not be started: ' + error.message, 'npm run build makes it; ulimit -n 1024 lets it open its files');
    });
}
