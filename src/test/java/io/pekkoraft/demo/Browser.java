package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Debian's Chromium without a screen. Where there is none, its tests are skipped, but not in CI.
 */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  static Browser open() {
    var chromium = program("chromium", "google-chrome");
    var chromedriver = program("chromedriver");
    if (chromium == null || chromedriver == null) {
      var missing = "There is no Chromium here; apt-get install chromium chromium-driver";
      return System.getenv("PEKKO_RAFT_CI") == null ? abort(missing) : fail(missing);
    }
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    var options = new ChromeOptions();
    options.setBinary(chromium);
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // It talks to the page under test, and to nobody else.
        "--no-first-run",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver)
            .usingAnyFreePort()
            .build();
    var browser = new Browser(new ChromeDriver(service, options));
    browser.resize(1280, 900);
    return browser;
  }

  private static File program(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of("/usr/bin", "/usr/local/bin", "/usr/lib/chromium")
                    .map(directory -> new File(directory, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElse(null);
  }

  void visit(String url) {
    driver.get(url);
  }

  /** As a screen of this size has it, a phone's as well. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  String text(String css) {
    return find(css).getText();
  }

  /** Presses what may be drawn anew meanwhile. */
  void click(String css) {
    await("can be pressed: " + css, () -> run("arguments[0].click(); return true", find(css)));
  }

  /** Touches it with a finger, so many pixels from its corner, and lifts the finger again. */
  void tap(String css, int right, int down) {
    run("arguments[0].scrollIntoView({ block: 'center' })", find(css));
    var corner = (Map<?, ?>) run("return arguments[0].getBoundingClientRect().toJSON()", find(css));
    var x = ((Number) corner.get("left")).doubleValue() + right;
    var y = ((Number) corner.get("top")).doubleValue() + down;
    driver.executeCdpCommand(
        "Input.dispatchTouchEvent",
        Map.of("type", "touchStart", "touchPoints", List.of(Map.of("x", x, "y", y))));
    driver.executeCdpCommand(
        "Input.dispatchTouchEvent", Map.of("type", "touchEnd", "touchPoints", List.of()));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  interface Look {
    /** True, sooner or later. */
    Object at();
  }

  /** Waits until it is so; what is drawn anew while one looks, is looked at again. */
  void await(String what, Look look) {
    new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
        .ignoring(WebDriverException.class)
        .withMessage(what)
        .until(page -> Boolean.TRUE.equals(look.at()));
  }

  /** What the browser complained of: scripts that failed, files that the policy kept out. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(Object::toString)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
