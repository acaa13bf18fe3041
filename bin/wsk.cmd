@echo off
setlocal
set ELECTRON_RUN_AS_NODE=1
if not defined WSK_NODE set WSK_NODE=node
"%WSK_NODE%" "%~dp0..\dist\cli.js" %*
