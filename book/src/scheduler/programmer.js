'use strict';
poolGame.programmer = { build() {} };
